/** The time by which a piece of work has to be over, however many steps it takes. */
export interface Deadline {
  /** Aborted when the time has come. */
  readonly signal: AbortSignal;
  /** ms, never below 0. */
  leftMs(): number;
}

export function deadlineIn(ms: number): Deadline {
  const end = performance.now() + ms;
  return {
    signal: AbortSignal.timeout(ms),
    leftMs: () => Math.max(0, end - performance.now()),
  };
}
