import { healthBody } from '../../parts/health.mjs';

/** Is well as long as it can say so. */
export function createHealth() {
  return async () => healthBody(true);
}
