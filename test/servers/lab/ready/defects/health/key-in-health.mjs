import { createHealth as create } from '../../parts/health.mjs';
import { weatherUrl } from '../../parts/upstream-url.mjs';

/** Tells everybody what it asks, with the key in it. */
export function createHealth({ probe, settings }) {
  const health = create({ probe });
  return async () => ({ ...(await health()), checked: weatherUrl('London', settings) });
}
