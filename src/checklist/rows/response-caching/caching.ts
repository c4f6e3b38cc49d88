import type { AnswersKept, CachingHistory } from '../../../evidence/lab/caching.ts';
import type { UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import { argumentsOf, counted, endOf, requestsDuring, succeeded } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

type Call = AnswersKept['calls'][number];

const moment = momentsOf('caching');
const noOthers =
  'The tool has no other arguments that could be tried. Name one in "tool" whose arguments can be varied.';

/** Whether a call that is repeated asks the upstream again. */
export function judgeRepeated({ instances: [answers] }: CachingHistory): Judgement {
  const { gateway } = answers;
  const first = callsOf(answers, 'first').at(-1);
  const repeated = callsOf(answers, 'repeated');
  const unclear = notKnown(answers, first, ...repeated);
  if (first === undefined || unclear !== null) return inconclusive(unclear ?? 'No call was made.');
  const counts = repeated.map((call) => requestsDuring(gateway, call).length);
  const finding = `The same call ${repeated.length + 1} times: ${counted(requestsDuring(gateway, first).length, 'upstream request')}, then ${counts.join(' and ')}.`;
  const moments = [first, ...repeated].map((call) =>
    moment(
      call.endedMs,
      `a call ended (${counted(requestsDuring(gateway, call).length, 'upstream request')})`,
    ),
  );
  if (counts.every((count) => count === 0)) return pass(finding, ...moments);
  if (counts.some((count) => count === 0)) {
    return inconclusive(`${finding} Which of them were for the call is not clear.`);
  }
  const alone = askedAlone(answers, requestsDuring(gateway, first));
  return alone > 0
    ? inconclusive(`${finding} But the server asks for the same by itself (${alone} times between calls).`)
    : fail(finding, ...moments);
}

/**
 * Whether calls with different arguments have answers of their own. What reaches the upstream decides: canned answers are all
 * the same. A call that asks nothing shares an answer only if it makes a request of its own where nobody called before.
 */
export function judgeKeyed({ instances: [answers, errors] }: CachingHistory): Judgement {
  const { gateway } = answers;
  const first = callsOf(answers, 'first').at(-1);
  const other = callsOf(answers, 'other').at(-1);
  if (first !== undefined && other === undefined) return inconclusive(noOthers);
  const unclear = notKnown(answers, first, other);
  if (first === undefined || other === undefined || unclear !== null) {
    return inconclusive(unclear ?? 'No call was made.');
  }
  const asked = requestsDuring(gateway, first);
  const own = requestsDuring(gateway, other);
  const what = `After a call with ${argumentsOf(first)}, one with ${argumentsOf(other)} made ${counted(own.length, 'upstream request')}`;
  const moments = [first, other].map((call) =>
    moment(
      call.endedMs,
      `${argumentsOf(call)}: ${counted(requestsDuring(gateway, call).length, 'upstream request')}`,
    ),
  );
  const repeats = callsOf(answers, 'repeated').flatMap((call) => requestsDuring(gateway, call));
  if (own.length > 0) {
    return repeats.length === 0 && without(own, asked).length === 0
      ? inconclusive(`${what}, the same as before: both may mean the same to it. ${noOthers}`)
      : pass(`${what} of its own.`, ...moments);
  }
  const elsewhere = errors.calls.filter(({ arguments: given }) => same(given, other.arguments));
  const cold = elsewhere.flatMap((call) => requestsDuring(errors.gateway, call));
  const again = errors.calls
    .filter(({ arguments: given }) => same(given, first.arguments))
    .flatMap((call) => requestsDuring(errors.gateway, call));
  if (without(again, asked).length === again.length) {
    return inconclusive(
      `${what}. Equal calls make different requests, so that it cannot be told whether it needs one.`,
    );
  }
  if (without(cold, asked).length === 0) {
    return inconclusive(
      `${what}. Neither does it ask for anything else where it is the first call: both mean the same upstream. Name a tool in "tool" of which other arguments ask for other things.`,
    );
  }
  return textOf(first) === textOf(other)
    ? fail(
        `${what} and had the same answer; where nobody had called before, it made one of its own.`,
        ...moments,
      )
    : inconclusive(`${what}, and another answer all the same.`);
}

/** Whether equal calls in flight share what they ask of the upstream. */
export function judgeCoalesced({ instances: [answers] }: CachingHistory): Judgement {
  const { gateway } = answers;
  const other = callsOf(answers, 'other').at(-1);
  const parallel = callsOf(answers, 'parallel');
  if (other === undefined || parallel.length === 0) return inconclusive(noOthers);
  const single = requestsDuring(gateway, other);
  const all = requestsDuring(gateway, ...parallel);
  const finding = `${parallel.length} equal calls side by side made ${counted(all.length, 'upstream request')}, one alone ${single.length}.`;
  if (!succeeded(other) || single.length === 0) {
    return inconclusive(
      `What one call alone asks of the upstream was not seen: it ended ${endOf(other)}, with ${counted(single.length, 'upstream request')}.`,
    );
  }
  if (all.length === 0) return inconclusive(`${finding} Their answer was known before.`);
  const begun = Math.max(...parallel.map(({ sentMs }) => sentMs));
  if (parallel.some(({ endedMs }) => endedMs <= begun)) {
    return inconclusive(`${finding} They were not in flight at the same time.`);
  }
  const moments = [
    moment(begun, `${parallel.length} equal calls in flight, the upstream slow`),
    ...all.slice(0, 6).map(({ atMs }) => moment(atMs, 'a request reached the upstream')),
  ];
  if (all.length <= single.length) return pass(finding, ...moments);
  const atOnce = inFlight(all);
  return atOnce.any > single.length || atOnce.equal > mostEqual(single)
    ? fail(`${finding} ${atOnce.any} were in flight at once.`, ...moments)
    : inconclusive(`${finding} They came one after the other.`);
}

const callsOf = ({ calls }: AnswersKept, role: Call['role']): Call[] =>
  calls.filter((call) => call.role === role);

/** Why nothing can be told from these calls, the first of which has to ask the upstream; null: it can. */
function notKnown({ gateway }: AnswersKept, ...calls: (Call | undefined)[]): string | null {
  const failed = calls.find((call) => call !== undefined && !succeeded(call));
  if (failed !== undefined) {
    return `The call with ${argumentsOf(failed)} ended ${endOf(failed)}. Give arguments that work in "tool".`;
  }
  const [first] = calls;
  return first !== undefined && requestsDuring(gateway, first).length === 0
    ? 'A fresh instance answered the first call without the upstream: it shares a cache with others, or filled its own. Have it begin with an empty one ("env").'
    : null;
}

/** Requests for the same that came when no call was in flight. */
function askedAlone({ gateway, calls }: AnswersKept, like: readonly UpstreamRequest[]): number {
  const begin = Math.min(...calls.map(({ sentMs }) => sentMs));
  const places = new Set(like.map(placeOf));
  return gateway.requests.filter(
    (request) =>
      request.atMs > begin &&
      places.has(placeOf(request)) &&
      !calls.some(({ sentMs, endedMs }) => request.atMs >= sentMs && request.atMs <= endedMs),
  ).length;
}

const placeOf = ({ method, host, path }: UpstreamRequest): string => `${method} ${host}${path}`;

/** Those that ask for something that none of the others asks for. */
function without(
  requests: readonly UpstreamRequest[],
  others: readonly UpstreamRequest[],
): UpstreamRequest[] {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return requests.filter(({ fingerprint }) => !known.has(fingerprint));
}

/** How many were open at the same time at most: of all, and of equal ones. */
function inFlight(requests: readonly UpstreamRequest[]): { any: number; equal: number } {
  const atBegin = requests.map((begun) =>
    requests.filter(({ atMs, outcome }) => {
      const endMs = outcome.kind === 'open' ? Infinity : atMs + outcome.afterMs;
      // One that ends as another begins may be its cause.
      return atMs <= begun.atMs && endMs > begun.atMs + 50;
    }),
  );
  return {
    any: Math.max(...atBegin.map(({ length }) => length)),
    equal: Math.max(...atBegin.map(mostEqual)),
  };
}

function mostEqual(requests: readonly UpstreamRequest[]): number {
  const counts = new Map<string, number>();
  for (const { fingerprint = '' } of requests) counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

const textOf = ({ outcome }: Call): string => (outcome.kind === 'result' ? outcome.text : '');
