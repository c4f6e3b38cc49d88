import type * as z from 'zod';
import { wholeNumber } from '../config.ts';

export const weatherSettings = {
  UPSTREAM_TIMEOUT_MS: wholeNumber(100, 60_000).default(5_000),
  /** Seconds. */
  CACHE_TTL: wholeNumber(1, 86_400).default(300),
};

export type WeatherSettings = z.infer<z.ZodObject<typeof weatherSettings>>;
