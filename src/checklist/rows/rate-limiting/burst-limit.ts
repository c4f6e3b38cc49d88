import type { BurstEvidence, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, exchangeOf, summary, unsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { firstLimit } from './limits.ts';

/** The requirement's own limit is 60 requests in 60 seconds. */
const usualLimit = 60;
const usualWindowMs = 60_000;

/** Whether many requests of one client in good order met a limit that says so. */
export function judgeLimit(wire: WireEvidence): Judgement {
  const { burst } = wire;
  const limit = firstLimit(wire);
  if (limit !== undefined && (burst === null || burst.limited !== null)) {
    const { exchange, unclear, after } = limit;
    if (!unclear) return pass(`${summary(exchange)}, after ${after} answers to the same client.`, exchange);
    return inconclusive(
      `${summary(exchange)} (${exchange.purpose}), right after requests that were refused. A limiter exists, but whether it counts requests that are in order was not seen. Wait until it has recovered, and audit again.`,
    );
  }
  if (burst === null) {
    return inconclusive(
      unsent(
        wire,
        'No burst was sent. It is off with --no-burst, and it takes a server that serves the client.',
      ),
    );
  }
  return judgeServed(wire, burst);
}

/** No limit was met: everything was served, or something else came. */
function judgeServed(wire: WireEvidence, burst: BurstEvidence): Judgement {
  const first = exchangeOf(wire, burst.first);
  const seconds = (burst.durationMs / 1000).toFixed(1);
  const [failed] = burst.failures;
  if (failed !== undefined) {
    const exchange = exchangeOf(wire, failed);
    const status = answerOf(wire, failed)?.status;
    if (burst.served > 0 && (status === 401 || status === 403)) {
      return fail(
        `${summary(exchange)}, after ${burst.served} requests of the burst had been served. It tells a client that its credential is wrong, and not that it should slow down, which is 429.`,
        exchange,
      );
    }
    return inconclusive(
      `The burst ended with ${summary(exchange)}, which is neither an answer nor a limit. See the server's log.`,
    );
  }
  if (answerOf(wire, burst.first)?.status === 202) {
    return inconclusive(
      `${burst.sent} ${burst.request} requests in ${seconds} s were all accepted. Whether they were answered comes over the event stream, which was not read.`,
    );
  }
  if (burst.sent < usualLimit || burst.durationMs > usualWindowMs) {
    return inconclusive(
      `${burst.sent} ${burst.request} requests in ${seconds} s were all served, too few in that time to meet a limit. Give a larger --budget.`,
    );
  }
  return fail(`${burst.sent} ${burst.request} requests in ${seconds} s were all served.`, first);
}
