import type { Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import {
  answerOf,
  exchangeOf,
  isUnavailable,
  probeSummary,
  requestLine,
  whyUnsent,
} from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** HTTP+SSE responds on the stream, and its statuses show little. */
export const noEndpoint =
  'The audit sends malformed requests to Streamable HTTP endpoints only, and none was open.';

const bytesPerMib = 1024 * 1024;
/** A server that reads this much has no limit. */
const unlimitedMib = 64;

/** Judges whether the server limits the size of a body. The largest body decides: the server read the smaller ones. */
export function judgeOversizedBody(wire: WireEvidence): Judgement {
  const probe = wire.malformed.findLast(({ kind }) => kind === 'oversized-body');
  if (!probe) return inconclusive(whyUnsent(wire, noEndpoint));
  const exchange = exchangeOf(wire, probe.exchange);
  const status = answerOf(wire, probe.exchange)?.status;
  const finding = `${probeSummary(exchange)}.`;
  if (exchange.outcome.kind === 'failure' && exchange.outcome.reason === 'reset') {
    return judgeClosed(wire, exchange, finding);
  }
  if (status === undefined) return inconclusive(`${finding} See the server’s log.`);
  if (status === 401 || status === 403) {
    return inconclusive(`${finding} The server refused access before it read the input. Check --token.`);
  }
  if (isUnavailable(status)) {
    return inconclusive(`${finding} This status comes from an overload or a proxy. Audit again.`);
  }
  if (status === 413) return pass(finding, exchange);
  const { body } = probe;
  if (!body) {
    return inconclusive(`${finding} Whether the server read the whole body is unknown. Audit again.`);
  }
  const sizeMib = Math.floor(body.bytes / bytesPerMib);
  if (body.sentBytes < body.bytes) {
    const sentMib = Math.ceil(body.sentBytes / bytesPerMib);
    return pass(`${finding} The server responded after at most ${sentMib} MiB of it.`, exchange);
  }
  const read = `The server read a body of ${sizeMib} MiB (${requestLine(exchange)} → ${status}).`;
  if (sizeMib >= unlimitedMib) return fail(`${read} No limit was found.`, exchange);
  const larger = `${read} Whether it has a higher limit is unknown.`;
  return inconclusive(
    wire.loopback
      ? `${larger} ${whyUnsent(wire, 'The audit sent no larger body.')}`
      : `${larger} Audit an instance on loopback, or add --lab.`,
  );
}

/**
 * A server may refuse a body by closing the connection (RFC 9110 section 15.5.14). A crash closes it, too, but then no
 * later request is answered.
 */
function judgeClosed(wire: WireEvidence, exchange: Exchange, finding: string): Judgement {
  const later = wire.exchanges.slice(wire.exchanges.indexOf(exchange) + 1);
  const next = later.find(({ outcome }) => outcome.kind === 'answer');
  return next
    ? pass(`${finding} The server answered a later request.`, exchange, next)
    : inconclusive(`${finding} The server answered no later request. Whether it still runs is unknown.`);
}
