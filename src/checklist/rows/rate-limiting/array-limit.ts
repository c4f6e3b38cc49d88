import type { ArrayStep, ArraysEvidence, BurstLimit, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Whether a JSON-RPC array is refused, or its requests count one by one. */
export function judgeArrays(wire: WireEvidence): Judgement {
  const { arrays, omitted } = wire;
  const array = arrays?.few.find(({ length }) => length !== null);
  if (arrays === undefined) {
    return inconclusive('The evidence is from an audit that tried no JSON-RPC array. Audit again.');
  }
  if (arrays === null || array === undefined) {
    const left = omitted.find(({ probe }) => probe === 'arrays');
    return inconclusive(
      left
        ? `No JSON-RPC array was sent: ${left.reason}`
        : 'No JSON-RPC array was sent. The server served no client, or --no-burst left no room for it.',
    );
  }
  return (
    judgeRefusal(wire, arrays.few, array) ??
    judgeMany(wire, arrays) ??
    judgeCount(wire, arrays, array) ??
    inconclusive(unknown(wire, arrays, array))
  );
}

/** The server takes no array: it refuses one where it serves, or takes on, a single request. */
function judgeRefusal(
  wire: WireEvidence,
  steps: readonly ArrayStep[],
  array: ArrayStep,
): Judgement | undefined {
  const status = answerOf(wire, array.exchange)?.status ?? 0;
  const refused = (status >= 400 && status < 500) || (status === 200 && array.reply.kind === 'error');
  if (!refused || array.results > 0 || !isServed(steps.at(-1))) return undefined;
  const exchange = exchangeOf(wire, array.exchange);
  const limited = array.limited > 0 ? ' as too many requests' : '';
  return pass(
    `The server refused an array of ${array.length} requests${limited}, and served a single one: ${summary(exchange)}.`,
    exchange,
  );
}

/** More than the limit lets through came in arrays, at a time when the limit was not met. */
function judgeMany(wire: WireEvidence, { request, few, many }: ArraysEvidence): Judgement | undefined {
  const limited = wire.burst?.limited;
  const sent = many?.filter(({ length }) => length !== null) ?? [];
  const [first] = sent;
  if (!limited || first === undefined) return undefined;
  const exchanges = sent.map(({ exchange }) => exchangeOf(wire, exchange));
  const results = sum(sent, ({ results: count }) => count);
  const most = mostAllowed(limited, few);
  if (results > most) {
    return fail(
      `JSON-RPC arrays (${sent.map(({ length }) => length).join(' and ')} ${request} requests) got ${results} results. The burst met the limit after ${most} requests at most.`,
      ...exchanges,
    );
  }
  const partly = sent.find((step) => step.limited > 0 && step.results > 0);
  if (partly) {
    return pass(
      `Of an array of ${partly.length} requests the server served ${partly.results} and refused ${partly.limited} as too many.`,
      exchangeOf(wire, partly.exchange),
    );
  }
  const whole = sent.find((step) => step.limited > 0);
  if (whole === undefined || !isServed(many?.at(-1))) return undefined;
  const exchange = exchangeOf(wire, whole.exchange);
  return pass(
    `The server refused an array of ${whole.length} requests as too many, and then served a single one: ${summary(exchange)}.`,
    exchange,
  );
}

/** What the server says is left, before and after an array and a single request. */
function judgeCount(
  wire: WireEvidence,
  { before, few }: ArraysEvidence,
  array: ArrayStep,
): Judgement | undefined {
  const single = few.at(-1);
  if (before === null || single === undefined || array.length === null) return undefined;
  if (array.results !== array.length) return undefined;
  const [at, then, last] = [before, array.exchange, single.exchange].map((id) => remainingOf(wire, id));
  // A single request that takes another number, or none, shows that something else changes what is left.
  if (at === undefined || then === undefined || last === undefined || then - last !== 1) return undefined;
  const exchange = exchangeOf(wire, array.exchange);
  const said = `By its own headers, the server counted ${at - then} for an array of ${array.length} requests: ${at} were left before it and ${then} after it.`;
  if (at - then === array.length) return pass(said, exchange);
  return at - then === 1 && wire.burst?.limited ? fail(said, exchange) : undefined;
}

function unknown(wire: WireEvidence, { many }: ArraysEvidence, array: ArrayStep): string {
  const exchange = exchangeOf(wire, array.exchange);
  if (array.results !== array.length) {
    return `An array of ${array.length} requests was neither served nor refused: ${summary(exchange)}. How it counts is unknown.`;
  }
  const served = `The server serves JSON-RPC arrays: ${summary(exchange)}.`;
  if (wire.burst === null) return `${served} Without a burst, how they count is unknown.`;
  if (wire.burst.limited === null) return `${served} No burst met a limit, so there is none to pass.`;
  if (many === null) {
    return `${served} How they count is unknown: the limit did not recover while the audit waited, or it is too large. Make the window short for the audit; in the lab, by the variables in "limits".`;
  }
  return `${served} How they count is unknown: larger arrays were not served, and neither was a single request after them.`;
}

/** All that the client was answered until it met the limit, with every request of an array counted. */
function mostAllowed({ after }: BurstLimit, few: readonly ArrayStep[]): number {
  return after + sum(few, ({ length, results }) => (length === null ? 0 : Math.max(0, results - 1)));
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ and what was usual before. */
function remainingOf(wire: WireEvidence, id: string): number | undefined {
  const headers = answerOf(wire, id)?.headers ?? {};
  const text =
    headers['ratelimit-remaining'] ??
    headers['x-ratelimit-remaining'] ??
    /;\s*r=(\d+)/.exec(headers.ratelimit ?? '')?.[1];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function isServed(step: ArrayStep | undefined): boolean {
  return step?.length === null && (step.reply.kind === 'result' || step.reply.kind === 'accepted');
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
