import type * as z from 'zod';
import { wholeNumber } from '../config.ts';

export const weatherSettings = {
  /** Bounds all that one tool call asks of the weather service, retries included. */
  UPSTREAM_TIMEOUT_MS: wholeNumber(100, 60_000).default(5_000),
  /** Seconds. */
  CACHE_TTL: wholeNumber(1, 86_400).default(300),
};

export type WeatherSettings = z.infer<z.ZodObject<typeof weatherSettings>>;
