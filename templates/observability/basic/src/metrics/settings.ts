import * as z from 'zod';
import { wholeNumber } from '../config.ts';

export const metricsSettings = {
  /** Set: /metrics wants it as bearer token. */
  METRICS_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  /** Set: /metrics is served here and no longer on PORT, for platforms that publish every path of one port. */
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
};

export type MetricsSettings = z.infer<z.ZodObject<typeof metricsSettings>>;
