import { setTimeout as delay } from 'node:timers/promises';
import { healthBody } from '../../parts/health.mjs';

const attempts = 3;
const waitMs = 500;

/** Asks the upstream several times for everyone who asks. */
export function createHealth({ probe }) {
  return async () => {
    const asked = Promise.allSettled(Array.from({ length: attempts }, probe));
    const results = await Promise.race([asked, delay(waitMs, [], { ref: false })]);
    return healthBody(results.some(({ status }) => status === 'fulfilled'));
  };
}
