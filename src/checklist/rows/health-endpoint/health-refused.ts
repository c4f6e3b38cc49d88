import type { HealthPoll } from '../../../evidence/lab/health-poll.ts';
import type { HealthRefusedHistory } from '../../../evidence/lab/health-refused.ts';
import type { ExperimentId } from '../../../evidence/lab/lab.ts';
import { momentsOf, provenBy } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, type Moment, pass } from '../../row.ts';

/** Milliseconds that a poll is given; from `clearlyLate` on a single one tells, for no load of this machine takes that long. */
const prompt = 1_000;
const clearlyLate = 2_000;

/** Whether the health followed the upstream down and up again. `doing` is what the upstream did: "refused connections". */
export const judgeOutage = (id: 'health-refused' | 'health-stalled', doing: string) =>
  provenBy(id, (history) => judgeFault(id, doing, history));

export const judgeRefused = judgeOutage('health-refused', 'refused connections');

function judgeFault(id: ExperimentId, doing: string, history: HealthRefusedHistory): Judgement {
  const { requests, endedMs } = history;
  const outage = outageIn(history);
  if (outage === undefined) return judgeNeverWell(requests);
  const { faultMs, liftedMs } = outage;
  const moment = momentsOf(id);
  const down = requests.filter(({ sentMs }) => sentMs >= faultMs && sentMs < liftedMs);
  const later = requests.filter(({ sentMs }) => sentMs >= liftedMs);
  const path = requests[0]?.path ?? 'the health path';
  const begin = `While the upstream ${doing}, GET ${path}`;
  const away = moment(faultMs, `the upstream ${doing}`);
  const back = moment(liftedMs, 'the upstream was back');
  const moments = (...polls: HealthPoll[]): Moment[] => [
    away,
    ...polls.filter(({ sentMs }) => sentMs < liftedMs).map((poll) => moment(poll.endedMs, told(poll))),
    back,
    ...polls.filter(({ sentMs }) => sentMs >= liftedMs).map((poll) => moment(poll.endedMs, told(poll))),
  ];

  const late = lateOnes(requests, down);
  if (late !== undefined) {
    const each = late.length === 1 ? 'a poll' : `${late.length} of ${down.length} polls`;
    return fail(
      `${begin} took longer than a second: ${each}, the longest ${seconds(Math.max(...late.map(tookMs)))}${late.some(isUnanswered) ? ' without an answer' : ''}.`,
      ...moments(...late.slice(0, 2)),
    );
  }

  const degraded = down.find((poll) => statusOf(poll) === 503);
  if (degraded === undefined) return judgeUnmoved(history, outage, down, begin, moments);
  const recovered = later.find((poll) => statusOf(poll) === 200);
  const noticed = `${begin} → 503 after ${seconds(degraded.endedMs - faultMs)}${callsBefore(history, outage, degraded)}`;
  if (recovered === undefined) {
    const last = later.at(-1);
    if (last === undefined || later.some((poll) => statusOf(poll) === 429)) {
      return inconclusive(`${noticed}, but no poll after it was back could tell (${tally(later)}).`);
    }
    return fail(
      `${noticed}, but not 200 again within ${seconds(endedMs - liftedMs)} of its return: ${tally(later)}.`,
      ...moments(degraded, last),
    );
  }
  return pass(
    `${noticed}, and 200 again ${seconds(recovered.endedMs - liftedMs)} after it was back.`,
    ...moments(degraded, recovered),
  );
}

/** No poll said 503 while the upstream was away. */
function judgeUnmoved(
  { calls, gateway }: HealthRefusedHistory,
  { faultMs, liftedMs }: Outage,
  down: HealthPoll[],
  begin: string,
  moments: (...polls: HealthPoll[]) => Moment[],
): Judgement {
  if (down.some((poll) => statusOf(poll) === 429)) {
    return inconclusive(
      `${begin} was limited (${tally(down)}), so that a change could not show. Poll the health path without a limit.`,
    );
  }
  const made = calls.filter(({ sentMs }) => sentMs >= faultMs && sentMs < liftedMs);
  const succeeded = made.filter(({ outcome }) => outcome.kind === 'result' && !outcome.isError);
  if (succeeded.length > 0) {
    return inconclusive(
      `${begin} said ${tally(down)}, but ${succeeded.length} of ${made.length} calls had their results all the same: for this server nothing was down.`,
    );
  }
  const [first] = down;
  if (first === undefined || made.length === 0) {
    return inconclusive(
      `${begin} was polled for ${seconds(liftedMs - faultMs)} only (${tally(down)}), and no call was made meanwhile. Give it more time with "patienceMs".`,
    );
  }
  const asked = gateway.requests.filter(({ atMs }) => atMs >= faultMs && atMs < liftedMs).length;
  const lost = `${made.length} ${made.length === 1 ? 'call' : 'calls'} failed meanwhile${asked > 0 ? `, and ${asked} upstream requests came to nothing` : ''}`;
  return fail(
    `${begin} never said 503 in ${seconds(liftedMs - faultMs)}: ${tally(down)}; ${lost}.`,
    ...moments(first, ...down.slice(-1)),
  );
}

/**
 * The polls that show that the health waits for its upstream. What the auditor itself was late, and what the server takes
 * on a good day, is no part of it.
 */
function lateOnes(all: HealthPoll[], down: HealthPoll[]): HealthPoll[] | undefined {
  const usual = Math.max(0, ...all.filter((poll) => !down.includes(poll) && !isUnanswered(poll)).map(tookMs));
  const late = down.filter((poll) => tookMs(poll) - poll.lateMs > prompt + usual);
  const tells = late.length > 1 || late.some((poll) => tookMs(poll) - poll.lateMs > clearlyLate + usual);
  return tells ? late : undefined;
}

function callsBefore({ calls }: HealthRefusedHistory, { faultMs }: Outage, { sentMs }: HealthPoll): string {
  const before = calls.filter((call) => call.sentMs >= faultMs && call.sentMs < sentMs).length;
  return before === 0 ? '' : ` and ${before} ${before === 1 ? 'call' : 'calls'}`;
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

function judgeNeverWell(requests: readonly HealthPoll[]): Judgement {
  return inconclusive(
    `While all was well GET ${requests[0]?.path ?? 'the health path'} never said 200: ${tally(requests)}. So no change could show. If it asks an upstream for something else than the tool does, list that request in "upstream"; or name another path in "health".`,
  );
}

/** "200 (38 times), no answer (2 times)". */
function tally(polls: readonly HealthPoll[]): string {
  if (polls.length === 0) return 'no poll';
  const counts = new Map<string, number>();
  for (const poll of polls) counts.set(came(poll), (counts.get(came(poll)) ?? 0) + 1);
  return [...counts]
    .map(([what, count]) => `${what} (${count === 1 ? 'once' : `${count} times`})`)
    .join(', ');
}

const tookMs = ({ sentMs, endedMs }: HealthPoll): number => endedMs - sentMs;
const isUnanswered = ({ outcome }: HealthPoll): boolean =>
  outcome.kind === 'failure' && outcome.reason === 'timeout';
const statusOf = ({ outcome }: HealthPoll): number => (outcome.kind === 'answer' ? outcome.status : 0);
const came = ({ outcome }: HealthPoll): string =>
  outcome.kind === 'answer' ? String(outcome.status) : outcome.message;
const told = (poll: HealthPoll): string => `GET ${poll.path} → ${came(poll)} in ${tookMs(poll)} ms`;
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
