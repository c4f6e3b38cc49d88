import * as z from 'zod';

/** A place as people write it. Bounded, because it ends up in a URL, a cache key and a log line. */
export const city = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe('City name, optionally with a country code: "London" or "Paris,FR"');
