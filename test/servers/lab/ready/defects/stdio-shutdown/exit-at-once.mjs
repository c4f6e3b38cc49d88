/** Calls in flight are cut. */
export function createShutdown() {
  const drain = () => process.exit(0);
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  return { drain, track: (begin) => begin() };
}
