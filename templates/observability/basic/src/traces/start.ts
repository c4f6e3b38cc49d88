import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { about } from '../about.ts';
import type { Events } from '../events.ts';
import type { Logger } from '../logging/logger.ts';
import type { TraceSettings } from './settings.ts';
import { recordSpans, SpanIds } from './spans.ts';

const exportTimeoutMs = 10_000;
const stopMs = 2_000;

/** Sends spans to a collector by OTLP over HTTP. Returns how to stop, with what is left delivered, or given up. */
export function startTraces(
  url: string,
  settings: TraceSettings,
  events: Events,
  log: Logger,
): () => Promise<void> {
  const exporter = new OTLPTraceExporter({ url });
  const idGenerator = new SpanIds();
  const provider = new TracerProvider({
    idGenerator,
    sampler: samplerFor(settings),
    resource: resourceFromAttributes({
      'service.name': about.name,
      'service.version': about.version,
    }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      // Its queue holds 2,048 spans. What does not fit is dropped.
      new BatchSpanProcessor({
        exporter: tellingOfFailures(exporter, log),
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  recordSpans(events, provider.getTracer(about.name, about.version), idGenerator);
  return async () => {
    let late: NodeJS.Timeout | undefined;
    const giveUp = new Promise<void>((resolve) => {
      late = setTimeout(resolve, stopMs);
    });
    await Promise.race([provider.shutdown().catch(() => undefined), giveUp]);
    clearTimeout(late);
  };
}

function samplerFor({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: TraceSettings): Sampler {
  const [, root = ''] = /^(?:parentbased_)?(.*)$/.exec(OTEL_TRACES_SAMPLER) ?? [];
  const samplers: Record<string, () => Sampler> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG),
  };
  const sampler = samplers[root]?.() ?? new AlwaysOnSampler();
  return OTEL_TRACES_SAMPLER.startsWith('parentbased_') ? new ParentBasedSampler({ root: sampler }) : sampler;
}

/** The library is silent by itself. One line when it begins to fail and one when it is over do not flood the log. */
function tellingOfFailures(exporter: SpanExporter, log: Logger): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !failing) log.warn({ reason: result.error?.name }, 'spans not delivered');
        if (!failed && failing) log.info('spans are delivered again');
        failing = failed;
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
