import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work between two pauses. */
const sliceMs = 40;

let lastPause = performance.now();

/**
 * Yields to the event loop when 40 ms have passed since the last pause, and costs next to nothing otherwise. Work that
 * cannot pause (a parser, a pattern) is bounded by the size of its input.
 *
 * @throws the reason of `signal`, when it was aborted
 */
export async function pause(signal: AbortSignal): Promise<void> {
  if (performance.now() - lastPause >= sliceMs) {
    await setImmediate();
    lastPause = performance.now();
  }
  signal.throwIfAborted();
}

/** Works until the end, or until `signal` is aborted. Results that the work has stored by then are kept. */
export async function untilAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** For functions that are called without a limit. */
export const neverAborted: AbortSignal = new AbortController().signal;
