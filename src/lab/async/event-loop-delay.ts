const everyMs = 50;

/**
 * Watches how late this process itself is: what came while its event loop stood still is read, and timed, only afterwards.
 *
 * @returns ends it, and tells the longest delay in milliseconds
 */
export function watchEventLoopDelay(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - everyMs);
    last = now;
  };
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    look();
    return Math.round(longest);
  };
}
