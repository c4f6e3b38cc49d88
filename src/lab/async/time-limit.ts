/** A time that is over by itself, or with an abort. */
export interface TimeLimit {
  signal: AbortSignal;
  /** Call it when nobody waits any more. */
  end: () => void;
}

/**
 * What `AbortSignal.any([signal, AbortSignal.timeout(milliseconds)])` is meant to be: on Node 20 that one never comes about once
 * the timeout, which nobody else holds, was collected as garbage (nodejs/node#57736).
 */
export function timeLimit(milliseconds: number, signal: AbortSignal): TimeLimit {
  const late = new AbortController();
  const alarm = setTimeout(() => late.abort(), milliseconds);
  return { signal: AbortSignal.any([signal, late.signal]), end: () => clearTimeout(alarm) };
}
