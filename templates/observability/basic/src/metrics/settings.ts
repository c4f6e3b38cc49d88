import * as z from 'zod';

export const metricsSettings = {
  /** Set: /metrics wants it as bearer token. */
  METRICS_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
};

export type MetricsSettings = z.infer<z.ZodObject<typeof metricsSettings>>;
