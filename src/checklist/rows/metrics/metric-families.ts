import type { Evidence } from '../../../evidence/evidence.ts';
import type { MetricFamily, WireEvidence } from '../../../evidence/wire.ts';
import { count } from '../../../text/counts.ts';
import { answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const requestWords = /request|call|rpc|http|tool|message|operation|invocation/i;
const timeWords = /duration|latency|seconds|millis|_ms(_|$)|time|elapsed/i;
const errorWords = /error|fail|exception|fault/i;
const outcomeLabel = /status|code|outcome|result|error|success|exception/i;

/** Judges whether the metrics include the rate, errors and duration of requests. */
export function judgeExposed(wire: WireEvidence, { project }: Evidence): Judgement {
  const found = wire.metrics.find(({ families }) => families !== null);
  if (found?.families == null) return inconclusive(whyAbsent(wire, project === undefined));
  const exchange = exchangeOf(wire, found.exchange);
  const { families } = found;
  const ofRequests = families.filter(({ name }) => requestWords.test(name));
  const duration = ofRequests.find(isTimed);
  const rate = duration ?? ofRequests.find(isCounted);
  const errors =
    families.find(({ name }) => errorWords.test(name)) ??
    ofRequests.find(
      (family) =>
        (isCounted(family) || isTimed(family)) && family.labels.some((label) => outcomeLabel.test(label)),
    );
  if (rate === undefined) {
    return fail(
      `${summary(exchange)} with ${count(families.length, 'metric')}. None counts or times requests.`,
      exchange,
    );
  }
  if (duration && errors) {
    const names = [...new Set([rate, duration, errors].map(({ name }) => name))].join(', ');
    return pass(`${summary(exchange)}. The metrics include rate, errors and duration: ${names}.`, exchange);
  }
  const missing = [...(duration ? [] : ['durations']), ...(errors ? [] : ['errors'])].join(' or ');
  return inconclusive(
    `${summary(exchange)}. ${rate.name} counts requests, but no metric covers ${missing}. Some metrics may appear only after a tool call.`,
  );
}

function isTimed({ name, type }: MetricFamily): boolean {
  return (type === 'histogram' || type === 'summary' || type === 'untyped') && timeWords.test(name);
}

function isCounted({ name, type }: MetricFamily): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary' || /_(total|count)$/.test(name);
}

/** Why no metrics were read. A server may push them, or use another port. */
function whyAbsent(wire: WireEvidence, withoutFiles: boolean): string {
  const [first] = wire.metrics;
  if (first === undefined) return 'The audit requested no metrics.';
  const refused = wire.metrics.find(({ exchange }) => {
    const status = answerOf(wire, exchange)?.status;
    return status === 401 || status === 403;
  });
  const response = summary(exchangeOf(wire, (refused ?? first).exchange));
  return refused
    ? `${response}. This path needs credentials, and the audit sends it none.`
    : `${response}. This is not the Prometheus or OpenMetrics text format. The server may push metrics or use another port.${withoutFiles ? ' Add --project to judge its files.' : ''}`;
}
