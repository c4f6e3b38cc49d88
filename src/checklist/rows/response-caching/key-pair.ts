import type { AnswersKept } from '../../../evidence/lab/caching.ts';
import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import { argumentsOf, nameVariableTool, requestsDuring, succeeded } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { callsOf, upstreamRequests } from './caching.ts';
import { resultsShareData } from './shared-data.ts';
import { type Asked, placeOf, type UpstreamSets } from './upstream-sets.ts';

const moment = momentsOf('caching');

/** Two calls with different arguments, and what other instances sent for these. */
export interface Pair {
  answers: AnswersKept;
  first: CallRecord;
  other: CallRecord;
  elsewhere: readonly { about: string; asked: readonly Asked[] }[];
  sets: UpstreamSets;
}

/** `own`: the call sent an upstream request of its own. `same`: both mean one request. `local`: the call needs none. */
type Key = 'own' | 'same' | 'local' | 'unknown' | 'shared';

/** The calls of one instance that were alone in their time. */
export const askedOf = ({
  calls,
  gateway,
}: { calls: readonly (CallRecord & { role?: string })[] } & Pick<AnswersKept, 'gateway'>): Asked[] =>
  calls
    .filter(({ role }) => role !== 'parallel')
    .map((call) => ({ call, requests: requestsDuring(gateway, call) }));

/** Judges whether the second call has a result of its own. */
export function judgePair(pair: Pair): { key: Key; judgement: Judgement } {
  const { answers, first, other, elsewhere, sets } = pair;
  const { gateway } = answers;
  const known = gateway.requests.filter(({ atMs }) => atMs < other.sentMs);
  const own = requestsDuring(gateway, other);
  const ownNew = sets.newIn(own, known);
  const fresh = elsewhere.filter(({ about }) => about === 'cold').flatMap(equalTo(other));
  const freshAsked = (fresh.length > 0 ? fresh : elsewhere.flatMap(equalTo(other))).flatMap(
    ({ requests }) => requests,
  );
  const needed = sets.newIn(freshAsked, known);
  const finding = `After a call with ${argumentsOf(first)}, the server sent ${upstreamRequests(own)} for ${argumentsOf(other)}.`;
  const moments = [first, other].map((call) =>
    moment(call.endedMs, `${argumentsOf(call)}: ${upstreamRequests(requestsDuring(gateway, call))}`),
  );
  if (ownNew.length > 0) {
    return freshAsked.length === 0 || answersNeed(pair, ownNew, needed)
      ? { key: 'own', judgement: pass(`${finding} It did not reuse the first result.`, ...moments) }
      : unknown(`${finding} A fresh instance sends others. Which of them belong to the call is unknown.`);
  }
  const unsure = whyUncomparable(pair, known);
  if (unsure !== null) return unknown(`${finding} Whether it needs one is unknown, ${unsure}`);
  if (freshAsked.length === 0) {
    if (!fresh.some(({ call }) => succeeded(call))) {
      return unknown(`${finding} What a fresh instance sends for it is unknown.`);
    }
    const reason = `${finding} A fresh instance sends none for it either. Name a tool in "tool" whose arguments change the upstream request.`;
    return { key: 'local', judgement: inconclusive(reason) };
  }
  if (needed.length === 0) {
    const same = `${finding} A fresh instance sends the same upstream request for both arguments.`;
    return fresh.some(({ call }) => succeeded(call))
      ? { key: 'same', judgement: pass(same, ...moments) }
      : unknown(`${finding} Whether a fresh instance needs another one is unknown. ${nameVariableTool}`);
  }
  if (!resultsShareData(first, other, callsOf(answers, 'repeated'))) {
    return unknown(
      `${finding} A fresh instance sends one. But the two results have different contents, and where the second comes from is unknown.`,
    );
  }
  const shared = `${finding} A fresh instance sends a different upstream request for it. Both arguments share one cached result.`;
  return { key: 'shared', judgement: fail(shared, ...moments) };
}

const unknown = (reason: string) => ({ key: 'unknown', judgement: inconclusive(reason) }) as const;

const equalTo =
  ({ tool, arguments: given }: CallRecord) =>
  ({ asked }: { asked: readonly Asked[] }): Asked[] =>
    asked.filter(({ call }) => call.tool === tool && isEqual(call.arguments, given));

/** Whether new requests are what a fresh instance sends. An uncached request beside the call may be new in each call. */
function answersNeed(
  { answers, sets }: Pair,
  own: readonly UpstreamRequest[],
  needed: readonly UpstreamRequest[],
): boolean {
  if (sets.newIn(own, needed).length < own.length) return true;
  const repeats = callsOf(answers, 'repeated').flatMap((call) => requestsDuring(answers.gateway, call));
  const places = new Set(needed.map(placeOf));
  return repeats.length === 0 && own.some((request) => places.has(placeOf(request)));
}

/** Why requests of two calls cannot be compared. Null: the first call sends the same requests on each fresh instance. */
function whyUncomparable(
  { answers, first, elsewhere, sets }: Pair,
  known: readonly UpstreamRequest[],
): string | null {
  const [equal = []] = ['baseline', 'errors']
    .map((name) => elsewhere.filter(({ about }) => about === name).flatMap(equalTo(first)))
    .map((calls) => calls.flatMap(({ requests }) => requests))
    .filter((requests) => requests.length > 0);
  if (equal.length === 0) return 'because no other instance sent a request for the first arguments.';
  if (sets.newIn(equal, known).length > 0) return 'because equal calls send different requests.';
  const asked = requestsDuring(answers.gateway, first);
  const hosts = new Set(asked.map(({ host }) => host));
  const between = known.filter(
    ({ atMs, host }) =>
      atMs > first.endedMs &&
      hosts.has(host) &&
      !answers.calls.some(({ sentMs, endedMs }) => atMs >= sentMs && atMs <= endedMs),
  );
  return sets.newIn(between, asked).length > 0 ? 'because the server sent others between the calls.' : null;
}

const isEqual = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
