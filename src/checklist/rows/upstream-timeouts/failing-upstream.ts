import type { FailingUpstreamHistory, Failure, FailureMet } from '../../../evidence/lab/failing-upstream.ts';
import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { count, joined } from '../../../text/counts.ts';
import { endOf, nameVariableTool, requestsDuring, succeeded } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass, worst } from '../../row.ts';
import { type CallEnd, judgeEnd } from './call-ends.ts';

/** More attempts than this add load to an upstream in trouble. */
const maxAttempts = 10;

const moment = momentsOf('failing-upstream');

const faults: Record<Failure, string> = {
  reset: 'reset connections',
  refuse: 'refused connections',
  'server-error': 'responded with 500',
  'too-many-requests': 'responded with 429',
};

const circumstances: Record<Failure, string> = {
  reset: 'on connection resets',
  refuse: 'on refused connections',
  'server-error': 'on status 500',
  'too-many-requests': 'on status 429',
};

/** One fault, with the gateway record of the instance. */
type RecordedFailure = FailureMet & { gateway: GatewayRecord };

const failuresOf = ({ instances }: FailingUpstreamHistory): RecordedFailure[] =>
  instances.flatMap(({ failures, gateway }) => failures.map((met) => ({ ...met, gateway })));

/** Judges whether the call ended cleanly under each fault. */
export function judgeCleanFailures(history: FailingUpstreamHistory, lab: LabEvidence): Judgement {
  const ends = failuresOf(history).map((failure) => ({
    failure,
    ...endUnder(failure, lab, history.boundMs),
  }));
  for (const verdict of ['fail', 'inconclusive', 'pass'] as const) {
    const matching = ends.filter((end) => end.verdict === verdict);
    if (matching.length === 0) continue;
    const finding = matching.map((end) => end.finding).join(' ');
    if (verdict === 'inconclusive') return inconclusive(finding);
    const moments = matching.flatMap(({ failure }) => momentsUnder(failure));
    return verdict === 'pass' ? pass(finding, ...moments) : fail(finding, ...moments);
  }
  return inconclusive('The lab injected no fault.');
}

function endUnder(failure: RecordedFailure, lab: LabEvidence, boundMs: number): CallEnd {
  const call = failingCall(failure);
  const circumstance = `When the upstream ${faults[failure.fault]}`;
  if (call === undefined) {
    return { verdict: 'inconclusive', finding: `${circumstance}, the lab made no call.` };
  }
  // The gateway records no request of a refused connection.
  if (failure.fault !== 'refuse' && attemptsOf(failure) === 0) {
    return {
      verdict: 'inconclusive',
      finding: `${circumstance}, the call ended ${endOf(call)} without an upstream request. ${nameVariableTool}`,
    };
  }
  return judgeEnd(circumstance, call, lab, boundMs);
}

function momentsUnder(failure: RecordedFailure) {
  const call = failingCall(failure);
  if (call === undefined) return [];
  return [
    moment(call.sentMs, `a call, while the upstream ${faults[failure.fault]}`),
    moment(call.endedMs, `the call ended after ${count(attemptsOf(failure), 'upstream request')}`),
  ];
}

/** Judges how many requests one call sends to a failing upstream. */
export function judgeAttempts(history: FailingUpstreamHistory, lab: LabEvidence): Judgement {
  const attempted = failuresOf(history).filter((failure) => attemptsOf(failure) > 0);
  if (attempted.length === 0) return inconclusive('No call sent a request to the failing upstream.');
  const limitOf = (failure: RecordedFailure) => maxAttempts * usualRequests(failure, lab);
  const excessive = attempted.find((failure) => attemptsOf(failure) > limitOf(failure));
  const attempts = attempted.map(
    (failure, index) =>
      `${index === 0 ? count(attemptsOf(failure), 'upstream request') : attemptsOf(failure)} ${circumstances[failure.fault]}`,
  );
  const finding = `For one call, the server sent ${joined(attempts)}.`;
  return excessive
    ? fail(
        `${finding} Without a failure, it sends ${usualRequests(excessive, lab)}. The limit is ${limitOf(excessive)}.`,
        ...momentsUnder(excessive),
      )
    : pass(
        `${finding} The limit is ${Math.min(...attempted.map(limitOf))}.`,
        ...attempted.flatMap(momentsUnder),
      );
}

/** The upstream requests of one call while the upstream works. */
function usualRequests({ calls, gateway }: RecordedFailure, { baseline }: LabEvidence): number {
  const before = calls.find(({ role }) => role === 'before');
  const requests = before === undefined ? baseline.gateway.requests : requestsDuring(gateway, before);
  return Math.max(1, requests.length);
}

/** Judges whether calls succeed again after the upstream recovered. */
export function judgeRecovery(history: FailingUpstreamHistory): Judgement {
  const slowestFirst = failuresOf(history).sort((left, right) => recoveryMs(right) - recoveryMs(left));
  return worst(slowestFirst.map(recoveryFrom));
}

/** Milliseconds from the upstream’s recovery to the end of the last call. */
function recoveryMs(failure: RecordedFailure): number {
  const recoveredMs = recoveredAt(failure);
  return (failure.calls.at(-1)?.endedMs ?? recoveredMs) - recoveredMs;
}

/** When the upstream recovered from this fault. The instance may have met others later. */
function recoveredAt(failure: RecordedFailure): number {
  const failedMs = failingCall(failure)?.sentMs ?? 0;
  return failure.gateway.faults.find(({ atMs, fault }) => fault === 'pass' && atMs >= failedMs)?.atMs ?? 0;
}

function recoveryFrom(failure: RecordedFailure): Judgement {
  const { calls, gateway, fault } = failure;
  const afterwards = calls.filter(({ role }) => role === 'afterwards');
  const last = afterwards.at(-1);
  if (last === undefined) return inconclusive('The lab made no call after the upstream recovered.');
  const requests = requestsDuring(gateway, last);
  const upstream = `The upstream ${faults[fault]}, then recovered.`;
  const moments = [
    moment(recoveredAt(failure), 'the upstream recovered'),
    moment(last.endedMs, `a call ended ${endOf(last)}`),
  ];
  if (succeeded(last)) {
    return requests.length > 0
      ? pass(`${upstream} Calls succeeded again within ${recoveryMs(failure)} ms.`, ...moments)
      : inconclusive(`${upstream} The next call sent no upstream request. ${nameVariableTool}`);
  }
  const finding = `${upstream} ${count(afterwards.length, 'later call')} failed. The last, ${recoveryMs(failure)} ms after the recovery, ended ${endOf(last)}.`;
  if (last.outcome.kind === 'no-answer') {
    return afterwards.length > 1 && afterwards.every(({ outcome }) => outcome.kind === 'no-answer')
      ? fail(finding, ...moments)
      : inconclusive(`${finding} The reason is unknown.`);
  }
  const answered = requests.some(
    ({ outcome }) => outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300,
  );
  if (!answered || last.outcome.kind === 'http-error') {
    return inconclusive(`${finding} A rate limit or an open circuit breaker may be the cause.`);
  }
  return calls.some((call) => call.role === 'before' && succeeded(call))
    ? fail(`${finding} Its upstream request succeeded.`, ...moments)
    : inconclusive(`${finding} Whether the tool accepts these arguments is unknown.`);
}

const failingCall = ({ calls }: RecordedFailure) => calls.find(({ role }) => role === 'failing');

function attemptsOf(failure: RecordedFailure): number {
  const call = failingCall(failure);
  if (call === undefined) return 0;
  return requestsDuring(failure.gateway, call).filter(({ fault }) => fault === failure.fault).length;
}
