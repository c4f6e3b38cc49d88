import type { MetricFamily, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const aboutRequests = /request|call|rpc|http|tool|message|operation|invocation/i;
const aboutTime = /duration|latency|seconds|millis|_ms(_|$)|time|elapsed/i;
const aboutErrors = /error|fail|exception|fault/i;
const outcomeLabel = /status|code|outcome|result|error|success|exception/i;

/** Whether rate, errors and duration of requests can be read from what is exposed. */
export function judgeExposed(wire: WireEvidence): Judgement {
  const [found] = wire.metrics.filter(({ families }) => families !== null);
  if (found?.families == null) return inconclusive(absent(wire));
  const exchange = exchangeOf(wire, found.exchange);
  const { families } = found;
  const ofRequests = families.filter(({ name }) => aboutRequests.test(name));
  const timed = ofRequests.find(isTimed);
  const counted = timed ?? ofRequests.find(isCounted);
  const failed =
    families.find(({ name }) => aboutErrors.test(name)) ??
    ofRequests.find(
      (family) =>
        (isCounted(family) || isTimed(family)) && family.labels.some((label) => outcomeLabel.test(label)),
    );
  if (counted && timed && failed) {
    const names = [...new Set([counted, timed, failed].map(({ name }) => name))].join(', ');
    return pass(`${summary(exchange)}, with rate, errors and duration (${names}).`, exchange);
  }
  if (!counted && !timed) {
    return fail(
      `${summary(exchange)}, with ${families.length} metrics, none of which counts requests or times them.`,
      exchange,
    );
  }
  const missing = [timed ? '' : 'their duration', failed ? '' : 'their errors'].filter(Boolean).join(' and ');
  return inconclusive(
    `${summary(exchange)}: ${counted?.name} counts requests, but no name tells of ${missing}. Metrics that appear with the first tool call were not seen.`,
  );
}

function isTimed({ name, type }: MetricFamily): boolean {
  return (type === 'histogram' || type === 'summary' || type === 'untyped') && aboutTime.test(name);
}

function isCounted({ name, type }: MetricFamily): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary' || /_(total|count)$/.test(name);
}

/** Metrics can be pushed, or stand on a port of their own, so a path without them says little. */
function absent(wire: WireEvidence): string {
  const [asked] = wire.metrics;
  if (asked === undefined) return 'No metrics were asked for.';
  const guarded = wire.metrics.find(({ exchange }) => {
    const status = answerOf(wire, exchange)?.status;
    return status === 401 || status === 403;
  });
  const seen = exchangeOf(wire, (guarded ?? asked).exchange);
  if (guarded) return `${summary(seen)}: what is there needs credentials, and none are sent to it.`;
  return `${summary(seen)}: no metrics in the Prometheus or OpenMetrics text format. They may be pushed, or stand on another port; --project shows what the files say.`;
}
