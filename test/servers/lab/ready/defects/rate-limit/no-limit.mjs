/** Everybody may go on for ever. */
export function createRateLimit() {
  return () => 0;
}
