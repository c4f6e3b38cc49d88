import { createRateLimit as create } from '../../parts/rate-limit.mjs';

/** One client uses up what all have together. */
export function createRateLimit(settings) {
  const limit = create(settings);
  return () => limit('everybody');
}
