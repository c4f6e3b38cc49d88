import type { Evidence } from '../../../evidence/evidence.ts';
import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import type { HealthKind } from '../../../protocol/health-response.ts';
import { parseObject } from '../../../text/json.ts';
import { answerOf, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import {
  healthAnswers,
  healthKindOf,
  healthOf,
  isUnanswered,
  statusOf,
} from '../../reading/wire/health-responses.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { limitMs } from './health-polling.ts';

/** Judges whether a health path answers without credentials. */
export function judgeOpenPath(wire: WireEvidence): Judgement {
  const health = healthOf(wire);
  if (health) {
    const degraded =
      statusOf(health) === 503
        ? ' The server reports that it is degraded; whether it ever returns 200 is unknown.'
        : '';
    return pass(`${summary(health)} without credentials.${degraded}`, health);
  }
  const exchanges = healthAnswers(wire);
  if (exchanges.length === 0) return inconclusive(whyUnsent(wire, 'The audit requested no health path.'));
  const silent = exchanges.find((exchange) => isUnanswered(wire, exchange));
  if (silent) return inconclusive(`${summary(silent)}. Whether the path exists is unknown.`);
  const find = (kind: HealthKind) => exchanges.find((exchange) => healthKindOf(wire, exchange) === kind);
  const unclear = find('unclear');
  if (unclear) {
    return inconclusive(
      `${summary(unclear)} with text. Whether this is a catch-all route is unknown: the audit got no response for a made-up path.`,
    );
  }
  const fallback = find('catch-all');
  if (fallback) {
    return fail(
      `${summary(fallback)}, but a made-up path gets the same response. This is a catch-all route.`,
      fallback,
    );
  }
  const page = find('page');
  if (page) return fail(`${summary(page)} with a web page. A health path returns JSON or text.`, page);
  const help = wire.health.named ? '' : ' If another path reports health, name it with --health-path.';
  const listed = exchanges.map(summary).join(', ');
  return fail(`No health path returned 200 or 503: ${listed}.${help}`, ...exchanges);
}

/** Judges whether the health path returns a JSON object. */
export function judgeJson(wire: WireEvidence): Judgement {
  return withHealth(wire, (exchange, answer) => {
    if (parseObject(answer.body)) return pass(`${summary(exchange)} with a JSON object.`, exchange);
    const type = answer.headers['content-type'] ?? 'no content type';
    return answer.bodyEnd === 'complete'
      ? fail(
          `${summary(exchange)} (${type}, ${answer.bodyBytes} bytes). The body is not a JSON object.`,
          exchange,
        )
      : inconclusive(`${summary(exchange)}. The body did not end. Whether it is a JSON object is unknown.`);
  });
}

/** Judges the response time by the request of the audit. */
export function judgeObservedTime(wire: WireEvidence, { lab }: Evidence): Judgement {
  return withHealth(wire, (exchange) => {
    const finding = `${summary(exchange)}; the limit is ${limitMs} ms.`;
    if (exchange.durationMs <= limitMs) return pass(finding, exchange);
    return lab?.ownWire
      ? inconclusive(`${summary(exchange)} while the lab ran other instances. Its speed alone is unknown.`)
      : fail(finding, exchange);
  });
}

function withHealth(wire: WireEvidence, judge: (exchange: Exchange, answer: Answer) => Judgement): Judgement {
  const exchange = healthOf(wire);
  const answer = exchange && answerOf(wire, exchange.id);
  return answer ? judge(exchange, answer) : inconclusive('No health path returned 200 or 503.');
}
