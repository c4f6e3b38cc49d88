/** Milliseconds since it was made. What is recorded of one instance has one clock, so that moments can be compared. */
export type Clock = () => number;

export function startClock(): Clock {
  const begin = performance.now();
  return () => performance.now() - begin;
}
