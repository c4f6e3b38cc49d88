import type { ArrayStep, ArraysEvidence, BurstLimit, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { shortenWindow } from './limits.ts';

/** Limits that a few single requests use up. */
const lowLimit = 3;

/** Judges whether the server refuses JSON-RPC arrays, or counts each of their requests. */
export function judgeArrays(wire: WireEvidence): Judgement {
  const { arrays, omitted } = wire;
  const array = arrays?.few.find(({ length }) => length !== null);
  if (arrays === undefined) {
    return inconclusive('This evidence comes from an audit without JSON-RPC arrays. Audit again.');
  }
  if (arrays === null || array === undefined) {
    const left = omitted.find(({ probe }) => probe === 'arrays');
    return inconclusive(
      left
        ? `The audit sent no JSON-RPC array. ${left.reason}`
        : 'The audit sent no JSON-RPC array: --no-burst is set, or the server served no client.',
    );
  }
  return (
    judgeRefusal(wire, arrays.few, array) ??
    judgeLow(wire, arrays) ??
    judgeMany(wire, arrays) ??
    judgeCount(wire, arrays, array) ??
    inconclusive(whyUnknown(wire, arrays, array))
  );
}

/** The server refused an array, and served or accepted a single request. */
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
    `The server refused an array of ${array.length} requests${limited}: ${summary(exchange)}. It served a single request.`,
    exchange,
  );
}

/** The server refused an array that exceeds a low limit, and served a single request in the next window. */
function judgeLow(wire: WireEvidence, { many }: ArraysEvidence): Judgement | undefined {
  const array = many?.find(({ length }) => length !== null);
  if (!wire.burst?.restarted || !many || array === undefined) return undefined;
  return judgeRefusal(wire, many, array);
}

/** Compares the results of large arrays with the limit. */
function judgeMany(wire: WireEvidence, { request, few, many }: ArraysEvidence): Judgement | undefined {
  const { burst } = wire;
  const sent = many?.filter(({ length }) => length !== null) ?? [];
  const [first] = sent;
  if (!burst?.limited || first === undefined) return undefined;
  const exchanges = sent.map(({ exchange }) => exchangeOf(wire, exchange));
  const results = sum(sent, ({ results: count }) => count);
  const isLow = burst.restarted === true && burst.served <= lowLimit;
  const most = isLow ? burst.served : mostAllowed(burst.limited, few);
  // The client may regain a few requests while the audit waits.
  if (results > (isLow ? 2 * most : most)) {
    return fail(
      `The server answered JSON-RPC arrays of ${sent.map(({ length }) => length).join(' and ')} ${request} requests with ${results} results. The burst reached the limit after at most ${most} requests.`,
      ...exchanges,
    );
  }
  const partly = sent.find((step) => step.limited > 0 && step.results > 0);
  if (partly) {
    return pass(
      `The server served ${partly.results} of ${partly.length} requests in an array. It refused ${partly.limited} as too many.`,
      exchangeOf(wire, partly.exchange),
    );
  }
  const whole = sent.find((step) => step.limited > 0);
  if (whole === undefined || !isServed(many?.at(-1))) return undefined;
  const exchange = exchangeOf(wire, whole.exchange);
  return pass(
    `The server refused an array of ${whole.length} requests as too many: ${summary(exchange)}. It then served a single request.`,
    exchange,
  );
}

/** Compares the remaining requests in the server’s headers before and after an array. */
function judgeCount(
  wire: WireEvidence,
  { before, few }: ArraysEvidence,
  array: ArrayStep,
): Judgement | undefined {
  const single = few.at(-1);
  if (before === null || single === undefined || array.length === null) return undefined;
  if (array.results !== array.length) return undefined;
  const [at, then, last] = [before, array.exchange, single.exchange].map((id) => remainingOf(wire, id));
  // A single request must count as 1, or something else changes the number.
  if (at === undefined || then === undefined || last === undefined || then - last !== 1) return undefined;
  const exchange = exchangeOf(wire, array.exchange);
  const finding = `The server’s headers counted an array of ${array.length} requests as ${at - then}: ${at} requests remained before it, ${then} after it.`;
  if (at - then === array.length) return pass(finding, exchange);
  return at - then === 1 && wire.burst?.limited ? fail(finding, exchange) : undefined;
}

function whyUnknown(wire: WireEvidence, { many }: ArraysEvidence, array: ArrayStep): string {
  const exchange = exchangeOf(wire, array.exchange);
  if (array.results !== array.length) {
    return `The server neither served nor refused an array of ${array.length} requests: ${summary(exchange)}. How it counts arrays is unknown.`;
  }
  const served = `The server serves JSON-RPC arrays: ${summary(exchange)}. How it counts them is unknown:`;
  if (wire.burst === null) return `${served} the audit sent no burst.`;
  if (wire.burst.limited === null) return `${served} no burst reached a limit.`;
  if (many === null) {
    return `${served} the limit did not end while the audit waited, or it is too large. ${shortenWindow}`;
  }
  return `${served} it served neither larger arrays nor a single request after them.`;
}

/** Responses to the client before the limit, with every request of an array counted. */
function mostAllowed({ after }: BurstLimit, few: readonly ArrayStep[]): number {
  return after + sum(few, ({ length, results }) => (length === null ? 0 : Math.max(0, results - 1)));
}

/** By draft-ietf-httpapi-ratelimit-headers, or the X- header that preceded it. */
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
