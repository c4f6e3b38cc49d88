import type { Exchange } from '../../../evidence/exchange.ts';
import type { BurstEvidence, BurstFollowUp, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, isServedReply } from '../../reading/wire/exchanges.ts';

/** Responses before the first limit that are examined, and how many of them may be refusals of bad requests. */
const recent = 10;
const fewRefusals = 2;

/** What ends the wait for a long window, at the end of a reason. */
export const shortenWindow =
  'Shorten the window for the audit. In the lab, name the variables that set it in "limits".';

/**
 * The first response that says "too many". A limiter that counts failures alone sends it right after failures.
 *
 * @returns the response, and how many responses to this client came before it; `unclear` where refusals came right
 *   before it; undefined where the server limited no request
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

/**
 * The result of a request after a limit. 429 is limited, and so is a response with the status and the JSON-RPC code of the
 * limit. The code alone is not enough: servers use -32000 for a limit and for a missing credential.
 */
export function resultOf(
  wire: WireEvidence,
  burst: BurstEvidence,
  followUp: BurstFollowUp,
): 'served' | 'limited' | 'other' {
  const status = answerOf(wire, followUp.exchange)?.status;
  if (status === 429) return 'limited';
  if (isServedReply(followUp.reply)) return 'served';
  const { limited } = burst;
  if (limited === null || answerOf(wire, limited.exchange)?.status !== status) return 'other';
  const [reply, limit] = [followUp.reply, limited.reply];
  return reply.kind === 'error' && limit.kind === 'error' && reply.code === limit.code ? 'limited' : 'other';
}
