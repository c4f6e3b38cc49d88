import { setTimeout as delay } from 'node:timers/promises';

/** @throws the reason of an abort, at once */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await delay(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}
