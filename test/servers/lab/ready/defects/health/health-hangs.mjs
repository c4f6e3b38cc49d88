import { healthBody } from '../../parts/health.mjs';
import { weatherUrl } from '../../parts/upstream-url.mjs';

/** Waits for the upstream for as long as it takes. */
export function createHealth({ settings }) {
  return async () => {
    try {
      const answer = await fetch(weatherUrl('London', settings));
      await answer.arrayBuffer();
      return healthBody(answer.ok);
    } catch {
      return healthBody(false);
    }
  };
}
