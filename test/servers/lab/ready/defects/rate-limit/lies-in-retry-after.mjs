import { createRateLimit as create } from '../../parts/rate-limit.mjs';

/** Says that a second is enough, whatever is left of the window. */
export function createRateLimit(settings) {
  const limit = create(settings);
  return (client) => Math.min(1, limit(client));
}
