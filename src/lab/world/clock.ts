/** Milliseconds since it was started. All records of one instance use one clock, so their times can be compared. */
export type Clock = () => number;

export function startClock(): Clock {
  const begin = performance.now();
  return () => performance.now() - begin;
}
