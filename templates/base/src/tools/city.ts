import * as z from 'zod';

// Control characters, line and paragraph separators, and halves of characters. No pattern in the published schema says so,
// because not every client's regular expressions know these classes.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** A place as people write it. Bounded, because it ends up in a URL, a cache key and a log line. */
export const city = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => !unprintable.test(text), {
    error: 'must be the plain name of a city, without line breaks or control characters',
  })
  .describe('City name, optionally with a country code: "London" or "Paris,FR"');
