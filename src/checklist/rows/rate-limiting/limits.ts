import type { Exchange } from '../../../evidence/exchange.ts';
import type { BurstEvidence, BurstFollowUp, McpReply, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, exchangeOf, isServedReply } from '../../reading/wire/exchanges.ts';

/** How many answers before the first refusal are looked at, and how many of them may have been refusals. */
const recent = 10;
const fewRefusals = 2;

/**
 * The first answer that says "too many", where it is plain that requests in good order were counted. A limiter that counts
 * failures only begins to refuse right after failures, and is none for clients that behave.
 *
 * @returns the refusal; `unclear` where failures came right before it; undefined where nothing was refused so
 */
export function firstLimit(
  wire: WireEvidence,
): { exchange: Exchange; unclear: boolean; after: number } | undefined {
  const { burst, exchanges } = wire;
  const early = exchanges.findIndex(({ outcome }) => outcome.kind === 'answer' && outcome.status === 429);
  const inBurst = burst?.limited
    ? exchanges.findIndex(({ id }) => id === burst.limited?.exchange)
    : exchanges.length;
  const first = early === -1 ? inBurst : Math.min(early, inBurst);
  const exchange = exchanges[first];
  if (exchange === undefined) return undefined;
  const answered = exchanges.slice(0, first).filter(({ outcome }) => outcome.kind === 'answer');
  const refusals = answered
    .slice(-recent)
    .filter(({ outcome }) => outcome.kind === 'answer' && [400, 401, 403].includes(outcome.status));
  const servedInBurst = burst?.limited != null && burst.served > 0;
  const { credential } = exchange.request;
  return {
    exchange,
    unclear: !servedInBurst && refusals.length > fewRefusals,
    after: answered.filter(({ request }) => request.credential === credential).length,
  };
}

/** What became of a request that followed a limit. */
export type Fate = 'served' | 'limited' | 'other';

/**
 * Reads one of them: 429, or an answer like the limit's own, is limited. Status and JSON-RPC code both have to be the same:
 * servers have one code, -32000, for a limit and for a missing credential.
 */
export function fateOf(wire: WireEvidence, burst: BurstEvidence, followUp: BurstFollowUp): Fate {
  const status = answerOf(wire, followUp.exchange)?.status;
  if (status === 429) return 'limited';
  if (isServedReply(followUp.reply)) return 'served';
  const { limited } = burst;
  if (limited === null || answerOf(wire, limited.exchange)?.status !== status) return 'other';
  return sameError(followUp.reply, limited.reply) ? 'limited' : 'other';
}

function sameError(left: McpReply, right: McpReply): boolean {
  return left.kind === 'error' && right.kind === 'error' && left.code === right.code;
}

/** The exchanges of these, for a finding to rest on. */
export function exchangesOf(wire: WireEvidence, followUps: readonly BurstFollowUp[]): Exchange[] {
  return followUps.map(({ exchange }) => exchangeOf(wire, exchange));
}
