import type { CachingHistory } from '../../../evidence/lab/caching.ts';
import { count } from '../../../text/counts.ts';
import { endOf, nameVariableTool, noCall, requestsDuring, succeeded } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const moment = momentsOf('caching');

/** Failed retries that rule out coincidence, after a call with other arguments succeeded. */
const minimumRetries = 2;

/**
 * Judges whether the server still returns an error after the upstream recovered. A circuit breaker fails other calls as well:
 * that is not a cached error.
 */
export function judgeCachedErrors({ instances: [, { calls, gateway }] }: CachingHistory): Judgement {
  const failing = calls.find(({ role }) => role === 'failing');
  const retries = calls.filter(({ role }) => role === 'retried');
  const others = calls.filter(({ role }) => role === 'fresh');
  const last = retries.at(-1);
  if (failing === undefined || last === undefined) return noCall;
  const upstreamRequests = (call: typeof last) => requestsDuring(gateway, call).length;
  if (succeeded(failing) || upstreamRequests(failing) === 0) {
    return inconclusive(
      `While the upstream responded with 500, the call ended ${endOf(failing)} after ${count(upstreamRequests(failing), 'upstream request')}. There was no error to cache.`,
    );
  }
  const recoveredMs = gateway.faults.findLast(({ fault }) => fault === 'pass')?.atMs ?? 0;
  const after = `${last.endedMs - recoveredMs} ms after the upstream recovered`;
  const retry = `Retry ${retries.length} of a failed call`;
  const moments = [
    moment(failing.endedMs, `the call failed ${endOf(failing)}`),
    moment(recoveredMs, 'the upstream recovered'),
    moment(last.endedMs, `the same call ended ${endOf(last)}`),
  ];
  if (succeeded(last)) return pass(`${retry} succeeded ${after}.`, ...moments);
  const ended = `${retry}, ${after}, ended ${endOf(last)}.`;
  if (retries.some((call) => upstreamRequests(call) > 0)) {
    return inconclusive(`${ended} Retries reached the upstream. Why they failed is unknown.`);
  }
  const finding = `${ended} The server sent no upstream request.`;
  if (others.length === 0) {
    return inconclusive(`${finding} Whether other calls failed as well is unknown. ${nameVariableTool}`);
  }
  const other = others.findLast(({ sentMs }) => sentMs < last.sentMs);
  if (last.outcome.kind === 'http-error' || other === undefined || !succeeded(other)) {
    return inconclusive(`${finding} A rate limit or an open circuit breaker may be the cause.`);
  }
  const sinceMs = others.find(succeeded)?.endedMs ?? Infinity;
  return retries.filter(({ sentMs }) => sentMs >= sinceMs).length >= minimumRetries
    ? fail(`${finding} Calls with other arguments succeeded. The server cached the error.`, ...moments)
    : inconclusive(
        `${finding} A call with other arguments succeeded, but too late for ${minimumRetries} more retries.`,
      );
}
