import * as z from 'zod';
import { httpUrl, wholeNumber } from '../config.ts';

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/**
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. The exporter and the resource read some
 * more of them on their own: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT,
 * _COMPRESSION and _CERTIFICATE.
 */
export const traceSettings = {
  /** Spans are sent to `/v1/traces` below it. Not set: no tracing. */
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional(),
  /** Spans are sent to exactly this URL. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl().optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(samplers, { error: `must be one of ${samplers.join(', ')}` })
    .default('parentbased_always_on'),
  /** The share that the samplers with "ratio" in their name keep. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: 'must be a number from 0 to 1' })
    .min(0, { error: 'must be a number from 0 to 1' })
    .max(1, { error: 'must be a number from 0 to 1' })
    .default(1),
  /** How long spans are collected before they are sent, in ms. */
  OTEL_BSP_SCHEDULE_DELAY: wholeNumber(1, 600_000).default(5_000),
  OTEL_SDK_DISABLED: z.string().optional(),
};

export type TraceSettings = z.infer<z.ZodObject<typeof traceSettings>>;

/** Where spans go, if anywhere. */
export function tracesUrl(settings: TraceSettings): string | undefined {
  // By the specification nothing but "true" means true.
  if (settings.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  const base = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  return (
    settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
    (base === undefined ? undefined : `${base.replace(/\/+$/, '')}/v1/traces`)
  );
}
