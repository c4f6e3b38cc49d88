import type { HttpRecord } from '../../../evidence/lab/client.ts';
import type { DescriptorsHistory } from '../../../evidence/lab/descriptors.ts';
import { joined } from '../../../text/counts.ts';
import { seconds } from '../../../text/durations.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { succeeded } from '../../reading/lab/calls.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const moment = momentsOf('descriptors');

/** A server that refuses connections may keep so many descriptors in reserve. */
const reserve = 2;

/** Judges whether the server survives running out of file descriptors, and recovers. */
export function judgeSurvival(history: DescriptorsHistory): Judgement {
  const { launch, limit, tried, openedMs, closedMs, exhausted, listener, requests, calls } = history;
  const opened = `The lab opened ${tried} connections to a server with a limit of ${limit} open files.`;
  const start = moment(openedMs, `${tried} connections to a server with a limit of ${limit} open files`);
  const { exit } = launch;
  if (exit !== null || exhausted === null || listener === null) {
    const end =
      exit === null
        ? 'The listening process ended'
        : `The server ended ${howItEnded(exit)} after ${exit.atMs - openedMs} ms`;
    return fail(`${opened} ${end}.`, start, moment(exit?.atMs ?? closedMs, end));
  }
  if ((exhausted.openFiles ?? 0) < limit - reserve) {
    return inconclusive(
      `${opened} It did not run out: it had ${exhausted.openFiles ?? 'an unknown number of'} open files. It limits its connections, or another process holds them.`,
    );
  }
  const before = requests.find(({ sentMs }) => sentMs < openedMs);
  const after = requests.findLast(({ sentMs }) => sentMs >= closedMs);
  const wasAlive = before !== undefined && isAlive(before);
  if (wasAlive && (after === undefined || !isAlive(after))) {
    const waited = seconds(Math.max(0, (after?.endedMs ?? closedMs) - closedMs));
    return fail(
      `${opened} ${waited} after the connections closed, ${before.method} ${before.path} still failed: ${after === undefined ? 'no response' : outcomeText(after.outcome)}.`,
      start,
      moment(after?.endedMs ?? closedMs, 'health still fails'),
    );
  }
  const firstCall = calls.find(({ sentMs }) => sentMs < openedMs);
  const lastCall = calls.find(({ sentMs }) => sentMs >= closedMs);
  const wasCalled = firstCall !== undefined && succeeded(firstCall);
  if (wasCalled && (lastCall === undefined || !succeeded(lastCall))) {
    return inconclusive(
      `${opened} It survived, but a later call failed: ${lastCall === undefined ? 'no client could connect' : outcomeText(lastCall.outcome)}.`,
    );
  }
  if (!wasCalled && !wasAlive) return inconclusive('The server did not serve the lab before the experiment.');
  const health = after && `${after.method} ${after.path} → ${outcomeText(after.outcome)}`;
  const served = [
    ...(before !== undefined && health !== undefined ? [health] : []),
    ...(wasCalled ? ['a call with a result'] : []),
  ];
  return pass(
    `${opened} It ran out of files. After the connections closed, it served again: ${joined(served)}.`,
    start,
    moment(closedMs, 'the connections closed'),
    ...(after === undefined || health === undefined ? [] : [moment(after.endedMs, health)]),
  );
}

/** Whether the server responds. A 503 may report a failed upstream, and counts. */
const isAlive = ({ outcome }: HttpRecord): boolean =>
  outcome.kind === 'answer' && (outcome.status < 500 || outcome.status === 503);
