import type { HttpRecord } from '../../../evidence/lab/client.ts';
import type { DescriptorsHistory } from '../../../evidence/lab/descriptors.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const moment = momentsOf('descriptors');

/** Open files below the limit at which no more connection is taken: a server may keep one in reserve. */
const reserve = 2;

/** Whether a server that ran out of file descriptors goes on, and serves when there are some again. */
export function judgeSurvival(history: DescriptorsHistory): Judgement {
  const { launch, limit, tried, openedMs, closedMs, exhausted, listener, requests, calls } = history;
  const told = `With at most ${limit} open files it was given ${tried} connections`;
  const begun = moment(openedMs, `${tried} connections to a server that may open ${limit} files`);
  const { exit } = launch;
  if (exit !== null || exhausted === null || listener === null) {
    const how = exit === null ? 'the process that listens ended' : `it ended ${howItEnded(exit)}`;
    const atMs = exit?.atMs ?? closedMs;
    return fail(
      `${told}, and ${how}${exit === null ? '' : ` after ${atMs - openedMs} ms`}.`,
      begun,
      moment(atMs, how),
    );
  }
  if ((exhausted.openFiles ?? 0) < limit - reserve) {
    return inconclusive(
      `${told}, and did not run out: it had ${exhausted.openFiles ?? 'an unknown number of'} files open. It bounds its connections, or another process holds them.`,
    );
  }
  const before = requests.find(({ sentMs }) => sentMs < openedMs);
  const after = requests.filter(({ sentMs }) => sentMs >= closedMs).at(-1);
  if (before !== undefined && isAlive(before)) {
    if (after === undefined || !isAlive(after)) {
      return fail(
        `${told}. ${((Math.max(closedMs, after?.endedMs ?? 0) - closedMs) / 1000).toFixed(1)} s after they were gone ${before.path} was still not served: ${after === undefined ? 'nothing came' : outcomeText(after.outcome)}.`,
        begun,
        moment(after?.endedMs ?? closedMs, 'health is not served'),
      );
    }
  }
  const first = calls.find(({ sentMs }) => sentMs < openedMs);
  const last = calls.find(({ sentMs }) => sentMs >= closedMs);
  const called = first?.outcome.kind === 'result' && !first.outcome.isError;
  if (called && (last?.outcome.kind !== 'result' || last.outcome.isError)) {
    return inconclusive(
      `${told}, and lived on, but a call afterwards had no result: ${last === undefined ? 'no client connected' : outcomeText(last.outcome)}.`,
    );
  }
  if (!called && (before === undefined || !isAlive(before))) {
    return inconclusive('Nothing was served before either.');
  }
  const served = [
    ...(before !== undefined && after !== undefined ? [`${after.path} → ${outcomeText(after.outcome)}`] : []),
    ...(called ? ['a call with a result'] : []),
  ];
  return pass(
    `${told}, ran out of them, and served when they were gone: ${served.join(', ')}.`,
    begun,
    moment(closedMs, 'the connections were closed'),
    ...(after === undefined ? [] : [moment(after.endedMs, `${after.path}: ${outcomeText(after.outcome)}`)]),
  );
}

/** It answers; 503 tells of upstreams, and is an answer as well. */
const isAlive = ({ outcome }: HttpRecord): boolean =>
  outcome.kind === 'answer' && (outcome.status < 500 || outcome.status === 503);
