import type { BurstEvidence, WireEvidence } from '../../../evidence/wire.ts';
import { count } from '../../../text/counts.ts';
import { seconds } from '../../../text/durations.ts';
import { answerOf, exchangeOf, probeSummary, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { firstLimit, shortenWindow } from './limits.ts';

/** The limit of the requirement: 60 requests in 60 seconds. */
const usualLimit = 60;
const usualWindowMs = 60_000;

/** Judges whether a burst of valid requests from one client reached a limit. */
export function judgeLimit(wire: WireEvidence): Judgement {
  const { burst } = wire;
  const limit = firstLimit(wire);
  if (limit !== undefined && (burst === null || burst.limited !== null)) {
    const { exchange, served, failed } = limit;
    if (failed > 0) {
      return inconclusive(
        `${probeSummary(exchange)}. Before it, the server refused ${count(failed, 'request')} of this audit. It may count those alone, so whether it limits valid requests is unknown. ${shortenWindow}`,
      );
    }
    const after = served > 0 ? `, after the server served ${count(served, 'valid request')} in a row` : '';
    return pass(`${summary(exchange)}${after}.`, exchange);
  }
  if (burst === null) {
    return inconclusive(
      whyUnsent(wire, 'The audit sent no burst: --no-burst is set, or the server served no client.'),
    );
  }
  return judgeServed(wire, burst);
}

/** The burst reached no limit. */
function judgeServed(wire: WireEvidence, burst: BurstEvidence): Judgement {
  const requests = `${burst.sent} ${burst.request} requests in ${seconds(burst.durationMs)}`;
  const [failed] = burst.failures;
  if (failed !== undefined) {
    const exchange = exchangeOf(wire, failed);
    const status = answerOf(wire, failed)?.status;
    if (burst.served > 0 && (status === 401 || status === 403)) {
      return fail(
        `${summary(exchange)}, after the server served ${burst.served} requests of the burst. This status means a wrong credential. Expected: 429.`,
        exchange,
      );
    }
    return inconclusive(
      `The burst ended with ${summary(exchange)}. This is neither a result nor a limit. See the server’s log.`,
    );
  }
  if (answerOf(wire, burst.first)?.status === 202) {
    return inconclusive(
      `The server accepted all ${requests}. Whether it served them is unknown: the audit did not read the results on the event stream.`,
    );
  }
  if (burst.sent < usualLimit || burst.durationMs > usualWindowMs) {
    return inconclusive(
      `The server served all ${requests}. This is too slow for a limit of ${usualLimit} requests in ${usualWindowMs / 1000} s. Raise --budget.`,
    );
  }
  return fail(`The server served all ${requests}, and limited none.`, exchangeOf(wire, burst.first));
}
