import type { Exchange } from '../../../evidence/exchange.ts';
import type { BurstEvidence, BurstFollowUp, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, isServedReply } from '../../reading/wire/exchanges.ts';

/** More requests in a row than two whole batches of those that are in flight together. */
const certain = 20;

/** What ends the wait for a long window, at the end of a reason. */
export const shortenWindow =
  'Shorten the window for the audit. In the lab, name the variables that set it in "limits".';

/**
 * The response that states a limit, and what shows that the limit counts valid requests. A limiter that counts failures alone
 * never limits valid requests in a row, unless several are in flight.
 *
 * @returns the response, how many valid requests of the burst the server served before it, and the failed requests of the
 *   audit that may explain it instead; undefined where the server limited no request
 */
export function firstLimit(
  wire: WireEvidence,
): { exchange: Exchange; served: number; failed: number } | undefined {
  const { burst, exchanges } = wire;
  const statusOf = ({ outcome }: Exchange) => (outcome.kind === 'answer' ? outcome.status : 0);
  const limited = burst?.limited
    ? exchanges.find(({ id }) => id === burst.limited?.exchange)
    : exchanges.find((exchange) => statusOf(exchange) === 429);
  if (limited === undefined) return undefined;
  const served = burst?.limited ? burst.served : 0;
  const inTurn = burst?.inTurn ?? 1;
  if (served > 0 && (served < inTurn || served - inTurn > certain)) {
    return { exchange: limited, served, failed: 0 };
  }
  const failed = exchanges
    .slice(0, exchanges.indexOf(limited))
    .filter((exchange) => statusOf(exchange) >= 400 && statusOf(exchange) !== 429);
  return { exchange: limited, served, failed: failed.length };
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
