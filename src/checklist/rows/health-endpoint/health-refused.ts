import type { HealthPoll } from '../../../evidence/lab/health-poll.ts';
import type { HealthRefusedHistory } from '../../../evidence/lab/health-refused.ts';
import type { ExperimentId } from '../../../evidence/lab/lab.ts';
import { count } from '../../../text/counts.ts';
import { seconds } from '../../../text/durations.ts';
import { momentsOf, provenBy } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, type Moment, pass } from '../../row.ts';
import { limitMs } from './health-polling.ts';

/** One poll this slow is enough to fail: no load on this machine delays it this much. */
const clearlyLateMs = 2_000;

/**
 * Judges whether the health path reports an outage and recovers from it.
 *
 * @param doing what the upstream did: "refused connections"
 */
export const judgeOutage = (id: 'health-refused' | 'health-stalled', doing: string) =>
  provenBy(id, (history) => judgeFault(id, doing, history));

export const judgeRefused = judgeOutage('health-refused', 'refused connections');

function judgeFault(id: ExperimentId, doing: string, history: HealthRefusedHistory): Judgement {
  const { requests, endedMs } = history;
  const path = requests[0]?.path ?? 'the health path';
  const outage = outageIn(history);
  if (outage === undefined) {
    return inconclusive(
      `While the upstream worked, GET ${path} never returned 200: ${tally(requests)}. A change to 503 would not show. ` +
        'If it calls an upstream that the tool does not, list that request in "upstream". If health is served at another path, name it in "health".',
    );
  }
  const { faultMs, liftedMs } = outage;
  const during = requests.filter(({ sentMs }) => sentMs >= faultMs && sentMs < liftedMs);
  const afterwards = requests.filter(({ sentMs }) => sentMs >= liftedMs);
  const whileDown = `While the upstream ${doing}`;
  const moment = momentsOf(id);
  const moments = (...polls: HealthPoll[]): Moment[] =>
    [
      moment(faultMs, `the upstream ${doing}`),
      moment(liftedMs, 'the upstream returned'),
      ...polls.map((poll) => moment(poll.endedMs, pollText(poll))),
    ].sort((left, right) => left.atMs - right.atMs);

  const late = latePolls(requests, during);
  if (late.length > 0) {
    const longest = late.reduce((left, right) => (tookMs(right) > tookMs(left) ? right : left));
    return fail(
      `${whileDown}, ${late.length} of ${during.length} polls of ${path} exceeded the limit of 1 s. ` +
        `The longest took ${seconds(tookMs(longest))}${isTimeout(longest) ? ' without a response' : ''}.`,
      ...moments(...late.slice(0, 2)),
    );
  }

  const degraded = during.find((poll) => statusOf(poll) === 503);
  if (degraded === undefined) return judgeUnchanged(history, outage, during, whileDown, moments);
  const calls = history.calls.filter(({ sentMs }) => sentMs >= faultMs && sentMs < degraded.sentMs).length;
  const noticed = `${whileDown}, GET ${path} returned 503 after ${seconds(degraded.endedMs - faultMs)}${calls > 0 ? ` and ${count(calls, 'call')}` : ''}.`;
  const recovered = afterwards.find((poll) => statusOf(poll) === 200);
  if (recovered !== undefined) {
    return pass(
      `${noticed} It returned 200 again ${seconds(recovered.endedMs - liftedMs)} after the upstream was back.`,
      ...moments(degraded, recovered),
    );
  }
  const last = afterwards.at(-1);
  if (last === undefined || afterwards.some((poll) => statusOf(poll) === 429)) {
    return inconclusive(
      `${noticed} Whether it returns to 200 is unknown; the polls afterwards: ${tally(afterwards)}. ` +
        (last === undefined ? 'Allow more time with "patienceMs".' : exempt),
    );
  }
  return fail(
    `${noticed} It did not return to 200 within ${seconds(endedMs - liftedMs)} after the upstream was back: ${tally(afterwards)}.`,
    ...moments(degraded, last),
  );
}

const exempt = 'Exempt the health path from the rate limit.';

/** The health path returned no 503 during the outage. */
function judgeUnchanged(
  { calls, gateway }: HealthRefusedHistory,
  { faultMs, liftedMs }: Outage,
  polls: HealthPoll[],
  whileDown: string,
  moments: (...polls: HealthPoll[]) => Moment[],
): Judgement {
  const [first] = polls;
  const unknown = 'Whether the health path reports the outage is unknown.';
  if (polls.some((poll) => statusOf(poll) === 429)) {
    return inconclusive(`${whileDown}, a rate limit refused polls: ${tally(polls)}. ${unknown} ${exempt}`);
  }
  const attempted = calls.filter(({ sentMs }) => sentMs >= faultMs && sentMs < liftedMs);
  const succeeded = attempted.filter(({ outcome }) => outcome.kind === 'result' && !outcome.isError).length;
  if (succeeded > 0) {
    return inconclusive(
      `${whileDown}, ${succeeded} of ${attempted.length} calls still succeeded. The polls returned ${tally(polls)}. ${unknown} Name a tool in "tool" that fails without its upstream.`,
    );
  }
  const outageText = seconds(liftedMs - faultMs);
  if (first === undefined || attempted.length === 0) {
    return inconclusive(
      `${whileDown} for ${outageText}, the lab sent ${count(polls.length, 'poll')} and ${count(attempted.length, 'call')}. ${unknown} Allow more time with "patienceMs".`,
    );
  }
  const upstream = gateway.requests.filter(({ atMs }) => atMs >= faultMs && atMs < liftedMs).length;
  const lost = `${count(attempted.length, 'call')}${upstream > 0 ? ` and ${count(upstream, 'upstream request')}` : ''}`;
  return fail(
    `${whileDown} for ${outageText}, GET ${first.path} never returned 503: ${tally(polls)}. Meanwhile ${lost} failed.`,
    ...moments(first, ...polls.slice(1).slice(-1)),
  );
}

/**
 * The polls that waited for the upstream; none where a single one was only a little late.
 * The auditor's own delay and the server's usual response time do not count.
 */
function latePolls(all: HealthPoll[], during: HealthPoll[]): HealthPoll[] {
  const usualMs = Math.max(
    0,
    ...all.filter((poll) => !during.includes(poll) && !isTimeout(poll)).map(tookMs),
  );
  const excessMs = (poll: HealthPoll): number => tookMs(poll) - poll.lateMs - usualMs;
  const late = during.filter((poll) => excessMs(poll) > limitMs);
  return late.length > 1 || late.some((poll) => excessMs(poll) > clearlyLateMs) ? late : [];
}

interface Outage {
  faultMs: number;
  liftedMs: number;
}

function outageIn({ gateway, endedMs }: HealthRefusedHistory): Outage | undefined {
  const begin = gateway.faults.findIndex(({ fault }) => fault !== 'pass');
  const fault = gateway.faults[begin];
  return fault && { faultMs: fault.atMs, liftedMs: gateway.faults[begin + 1]?.atMs ?? endedMs };
}

/** "200 (38 times), no answer (2 times)" */
function tally(polls: readonly HealthPoll[]): string {
  if (polls.length === 0) return 'none';
  const counts = new Map<string, number>();
  for (const poll of polls) counts.set(responseText(poll), (counts.get(responseText(poll)) ?? 0) + 1);
  return [...counts]
    .map(([text, times]) => `${text} (${times === 1 ? 'once' : `${times} times`})`)
    .join(', ');
}

const tookMs = ({ sentMs, endedMs }: HealthPoll): number => endedMs - sentMs;
const isTimeout = ({ outcome }: HealthPoll): boolean =>
  outcome.kind === 'failure' && outcome.reason === 'timeout';
const statusOf = ({ outcome }: HealthPoll): number => (outcome.kind === 'answer' ? outcome.status : 0);
const responseText = ({ outcome }: HealthPoll): string =>
  outcome.kind === 'answer' ? String(outcome.status) : outcome.message;
const pollText = (poll: HealthPoll): string =>
  `GET ${poll.path} → ${responseText(poll)} in ${tookMs(poll)} ms`;
