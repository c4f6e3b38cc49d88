import type { FailingUpstreamHistory, Failure, FailureMet } from '../../../evidence/lab/failing-upstream.ts';
import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { counted, endOf, requestsDuring, succeeded } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass, worst } from '../../row.ts';
import { type CallEnd, judgeEnd } from './call-ends.ts';

/** More attempts than this make an upstream that has trouble have more. */
const maxAttempts = 10;

const moment = momentsOf('failing-upstream');

const meeting: Record<Failure, string> = {
  reset: 'reset the connection',
  refuse: 'refused connections',
  'server-error': 'answered 500',
  'too-many-requests': 'answered 429',
};

/** A fault, with all that came by at the gateway of the instance that met it. */
type FailureSeen = FailureMet & { gateway: GatewayRecord };

const failuresOf = ({ instances }: FailingUpstreamHistory): FailureSeen[] =>
  instances.flatMap(({ failures, gateway }) => failures.map((met) => ({ ...met, gateway })));

/** Whether the call ended cleanly under each of the faults. */
export function judgeCleanFailures(history: FailingUpstreamHistory, lab: LabEvidence): Judgement {
  const ends = failuresOf(history).map((seen) => ({ seen, ...endUnder(seen, lab, history.boundMs) }));
  const sentence = ({ seen, text }: (typeof ends)[number]) =>
    `When the upstream ${meeting[seen.fault]}, ${text}.`;
  for (const verdict of ['fail', 'inconclusive', 'pass'] as const) {
    const found = ends.filter((end) => end.verdict === verdict);
    if (found.length === 0) continue;
    const finding = found.map(sentence).join(' ');
    if (verdict === 'inconclusive') return inconclusive(finding);
    const moments = found.flatMap(({ seen }) => momentsUnder(seen));
    return verdict === 'pass' ? pass(finding, ...moments) : fail(finding, ...moments);
  }
  return inconclusive('No fault was met.');
}

function endUnder(seen: FailureSeen, lab: LabEvidence, boundMs: number): CallEnd {
  const call = failingCall(seen);
  if (call === undefined) return { verdict: 'inconclusive', text: 'no call was made' };
  // A connection that is refused leaves no request at the gateway.
  if (seen.fault !== 'refuse' && attemptsOf(seen) === 0) {
    return {
      verdict: 'inconclusive',
      text: `the call ended ${endOf(call)} and had asked nothing upstream`,
    };
  }
  return judgeEnd(call, lab, boundMs);
}

function momentsUnder(seen: FailureSeen) {
  const call = failingCall(seen);
  if (call === undefined) return [];
  return [
    moment(call.sentMs, `a call, while the upstream ${meeting[seen.fault]}`),
    moment(call.endedMs, `the call was over (${counted(attemptsOf(seen), 'upstream request')})`),
  ];
}

/** Whether one call makes many of an upstream that fails. */
export function judgeAttempts(history: FailingUpstreamHistory, lab: LabEvidence): Judgement {
  const counts = failuresOf(history).map((seen) => ({
    seen,
    attempts: attemptsOf(seen),
    usual: usualCount(seen, lab),
  }));
  const asked = counts.filter(({ attempts }) => attempts > 0);
  const told = asked.map(({ seen, attempts }) => `${attempts} when it ${meeting[seen.fault]}`).join(', ');
  if (asked.length === 0) return inconclusive('No call asked anything of an upstream that failed.');
  const hammering = asked.find(({ attempts, usual }) => attempts > maxAttempts * usual);
  const finding = `Upstream requests of one call: ${told}.`;
  return hammering
    ? fail(`${finding} With nothing wrong it makes ${hammering.usual}.`, ...momentsUnder(hammering.seen))
    : pass(finding, ...asked.flatMap(({ seen }) => momentsUnder(seen)));
}

/** Upstream requests of one call while nothing is wrong. */
function usualCount({ calls, gateway }: FailureSeen, { baseline }: LabEvidence): number {
  const before = calls.find(({ role }) => role === 'before');
  const own = before === undefined ? baseline.gateway.requests : requestsDuring(gateway, before);
  return Math.max(1, own.length);
}

/** Whether calls have results again when the upstream is back. */
export function judgeRecovery(history: FailingUpstreamHistory): Judgement {
  const slowest = failuresOf(history).sort((left, right) => recoveryMs(right) - recoveryMs(left));
  return worst(slowest.map(recoveryFrom));
}

/** Milliseconds from the upstream's return to the end of the last call. */
function recoveryMs(seen: FailureSeen): number {
  const backMs = backAt(seen);
  return (seen.calls.at(-1)?.endedMs ?? backMs) - backMs;
}

/** When the upstream was back: a later fault of the same instance is none of this one's. */
function backAt(seen: FailureSeen): number {
  const failedMs = failingCall(seen)?.sentMs ?? 0;
  return seen.gateway.faults.find(({ atMs, fault }) => fault === 'pass' && atMs >= failedMs)?.atMs ?? 0;
}

function recoveryFrom(seen: FailureSeen): Judgement {
  const { calls, gateway, fault } = seen;
  const afterwards = calls.filter(({ role }) => role === 'afterwards');
  const last = afterwards.at(-1);
  const backMs = backAt(seen);
  if (last === undefined) return inconclusive('No call was made after the upstream had come back.');
  const requests = requestsDuring(gateway, last);
  const since = `${recoveryMs(seen)} ms after an upstream that had ${past[fault]} was back`;
  const moments = [
    moment(backMs, 'the upstream was back'),
    moment(last.endedMs, `a call ended ${endOf(last)}`),
  ];
  if (succeeded(last)) {
    return requests.length > 0
      ? pass(`Calls had results again, at the latest ${since}.`, ...moments)
      : inconclusive(
          `The call after the failure was answered without the upstream. Name a tool in "tool" whose arguments can be varied.`,
        );
  }
  const finding = `${counted(afterwards.length, 'call')} failed; the last ended ${endOf(last)}, ${since}.`;
  if (last.outcome.kind === 'no-answer') {
    return afterwards.length > 1 && afterwards.every(({ outcome }) => outcome.kind === 'no-answer')
      ? fail(finding, ...moments)
      : inconclusive(`${finding} Why that one had no answer is not known.`);
  }
  const answered = requests.some(
    ({ outcome }) => outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300,
  );
  if (!answered || last.outcome.kind === 'http-error') {
    return inconclusive(
      `${finding} It asked nothing of the upstream that had an answer: a circuit breaker may wait for longer.`,
    );
  }
  return calls.some((call) => call.role === 'before' && succeeded(call))
    ? fail(`${finding} The upstream had answered it.`, ...moments)
    : inconclusive(`${finding} Whether it works with such arguments at all was not seen.`);
}

const past: Record<Failure, string> = {
  reset: 'reset connections',
  refuse: 'refused connections',
  'server-error': 'answered 500',
  'too-many-requests': 'answered 429',
};

const failingCall = ({ calls }: FailureSeen) => calls.find(({ role }) => role === 'failing');

function attemptsOf(seen: FailureSeen): number {
  const call = failingCall(seen);
  if (call === undefined) return 0;
  return requestsDuring(seen.gateway, call).filter(({ fault }) => fault === seen.fault).length;
}
