const everyMs = 50;

/**
 * Measures how long the event loop of the auditor was blocked: what arrived meanwhile is read, and timed, late.
 *
 * @returns stops, and returns the longest delay in milliseconds
 */
export function watchEventLoopDelay(): () => number {
  let last = performance.now();
  let longest = 0;
  const measure = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - everyMs);
    last = now;
  };
  const timer = setInterval(measure, everyMs);
  return () => {
    clearInterval(timer);
    measure();
    return Math.round(longest);
  };
}
