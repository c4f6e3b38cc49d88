import type { AnswersKept, CachingHistory } from '../../../evidence/lab/caching.ts';
import type { UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import { count } from '../../../text/counts.ts';
import {
  argumentsOf,
  endOf,
  nameVariableTool,
  noCall,
  requestsDuring,
  succeeded,
} from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { placeOf } from './upstream-sets.ts';

type Call = AnswersKept['calls'][number];

const moment = momentsOf('caching');
export const noOthers = `The tool has no other arguments to try. ${nameVariableTool}`;
export const upstreamRequests = (requests: readonly UpstreamRequest[]) =>
  count(requests.length, 'upstream request');

/** Judges whether a repeated call reaches the upstream again. */
export function judgeRepeated({ instances: [answers] }: CachingHistory): Judgement {
  const { gateway } = answers;
  const first = callsOf(answers, 'first').at(-1);
  const repeated = callsOf(answers, 'repeated');
  if (first === undefined) return noCall;
  const unknown = whyUnknown(answers, first, ...repeated);
  if (unknown !== null) return inconclusive(unknown);
  const calls = [first, ...repeated].map((call) => ({ call, requests: requestsDuring(gateway, call) }));
  const counts = calls.map(({ requests }) => requests.length);
  const finding = `For the same call ${calls.length} times, the server sent ${counts.slice(0, -1).join(', ')} and ${counts.at(-1)} upstream requests.`;
  const moments = calls.map(({ call, requests }) =>
    moment(call.endedMs, `a call ended after ${upstreamRequests(requests)}`),
  );
  const repeats = counts.slice(1);
  if (repeats.every((requests) => requests === 0)) return pass(finding, ...moments);
  if (repeats.some((requests) => requests === 0)) {
    return inconclusive(`${finding} Which of them belong to the calls is unknown.`);
  }
  const betweenCalls = requestsBetween(answers, requestsDuring(gateway, first));
  return betweenCalls > 0
    ? inconclusive(
        `${finding} It also sent ${betweenCalls} between the calls. Which of them belong to the calls is unknown.`,
      )
    : fail(`${finding} A cached call sends 0.`, ...moments);
}

/** Judges whether equal calls in flight share their upstream requests. */
export function judgeCoalesced({ instances: [answers] }: CachingHistory): Judgement {
  const { gateway } = answers;
  const other = callsOf(answers, 'other').at(-1);
  const parallel = callsOf(answers, 'parallel');
  if (other === undefined || parallel.length === 0) return inconclusive(noOthers);
  const single = requestsDuring(gateway, other);
  const all = requestsDuring(gateway, ...parallel);
  if (!succeeded(other) || single.length === 0) {
    return inconclusive(
      `How many upstream requests one call sends is unknown. It ended ${endOf(other)} after ${upstreamRequests(single)}.`,
    );
  }
  const finding = `For ${parallel.length} equal calls in parallel, the server sent ${upstreamRequests(all)}. One call alone sends ${single.length}.`;
  if (all.length === 0) return inconclusive(`${finding} The result was already cached.`);
  const startedMs = Math.max(...parallel.map(({ sentMs }) => sentMs));
  if (parallel.some(({ endedMs }) => endedMs <= startedMs)) {
    return inconclusive(`${finding} The calls did not overlap.`);
  }
  const moments = [
    moment(startedMs, `${parallel.length} equal calls are in flight, the upstream is slow`),
    ...all.slice(0, 6).map(({ atMs }) => moment(atMs, 'a request reached the upstream')),
  ];
  if (all.length <= single.length) return pass(finding, ...moments);
  const atOnce = inFlight(all);
  return atOnce.any > single.length || atOnce.equal > mostEqual(single)
    ? fail(`${finding} Up to ${atOnce.any} were in flight at the same time.`, ...moments)
    : inconclusive(`${finding} They came one after the other.`);
}

export const callsOf = ({ calls }: AnswersKept, role: Call['role']): Call[] =>
  calls.filter((call) => call.role === role);

/** Why these calls show nothing, the first of which has to reach the upstream. Null: they do. */
export function whyUnknown({ gateway }: AnswersKept, first: Call, ...others: Call[]): string | null {
  const failed = [first, ...others].find((call) => !succeeded(call));
  if (failed !== undefined) {
    return `The call with ${argumentsOf(failed)} ended ${endOf(failed)}. Name arguments that work in "tool".`;
  }
  return requestsDuring(gateway, first).length === 0
    ? 'A fresh instance answered the first call without an upstream request. It shares a cache with other instances, or fills its own. Give it an empty cache with "env".'
    : null;
}

/** How many requests to the same places arrived while no call was in flight. */
function requestsBetween({ gateway, calls }: AnswersKept, known: readonly UpstreamRequest[]): number {
  const startMs = Math.min(...calls.map(({ sentMs }) => sentMs));
  const places = new Set(known.map(placeOf));
  return gateway.requests.filter(
    (request) =>
      request.atMs > startMs &&
      places.has(placeOf(request)) &&
      !calls.some(({ sentMs, endedMs }) => request.atMs >= sentMs && request.atMs <= endedMs),
  ).length;
}

/** The highest number of requests that were open at the same time: of any, and of equal ones. */
function inFlight(requests: readonly UpstreamRequest[]): { any: number; equal: number } {
  const openAtStarts = requests.map((started) =>
    requests.filter(({ atMs, outcome }) => {
      const endMs = outcome.kind === 'open' ? Infinity : atMs + outcome.afterMs;
      // A request that ends as another starts may have caused it.
      return atMs <= started.atMs && endMs > started.atMs + 50;
    }),
  );
  return {
    any: Math.max(...openAtStarts.map(({ length }) => length)),
    equal: Math.max(...openAtStarts.map(mostEqual)),
  };
}

function mostEqual(requests: readonly UpstreamRequest[]): number {
  const counts = new Map<string, number>();
  for (const { fingerprint = '' } of requests) counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
