/** A timeout that also ends with an abort. */
export interface TimeLimit {
  signal: AbortSignal;
  /** Call it when the wait is over. */
  end: () => void;
}

/** Node 20 may collect a signal of `AbortSignal.timeout` inside `AbortSignal.any` before it fires (nodejs/node#57736). */
export function timeLimit(milliseconds: number, signal: AbortSignal): TimeLimit {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), milliseconds);
  return { signal: AbortSignal.any([signal, timeout.signal]), end: () => clearTimeout(timer) };
}
