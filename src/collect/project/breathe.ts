import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work before signals, timers and other work have their turn. */
const turn = 40;

let since = performance.now();

/**
 * A short stop between two pieces of work: hands the thread over when the last stop was 40 ms ago, and costs next to
 * nothing otherwise. Work that cannot stop (a parser, a pattern) is bounded by the size of its input.
 *
 * @throws the reason of `signal`, when it was aborted
 */
export async function breathe(signal: AbortSignal): Promise<void> {
  if (performance.now() - since >= turn) {
    await setImmediate();
    since = performance.now();
  }
  signal.throwIfAborted();
}

/** Does work until its end, or until `signal` is aborted: what it has put down by then is kept. */
export async function untilAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** For functions that are called without a limit. */
export const never: AbortSignal = new AbortController().signal;
