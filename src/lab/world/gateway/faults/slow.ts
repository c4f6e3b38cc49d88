import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../held-request.ts';

/** Milliseconds: long enough to act meanwhile, and shorter than any reasonable upstream timeout. */
export const slowMs = 1_500;

/** The usual answer, delayed. */
export function slow(answer: Fault): Fault {
  return async (held) => {
    const left = new AbortController();
    held.response.once('close', () => left.abort());
    await delay(slowMs, undefined, { signal: left.signal }).catch(() => {});
    if (!left.signal.aborted) await answer(held);
  };
}
