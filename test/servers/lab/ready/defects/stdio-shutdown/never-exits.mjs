/** Takes nothing more, and stays. */
export function createShutdown({ log }) {
  let draining = false;
  setInterval(() => {}, 30_000);
  const drain = (reason) => {
    draining = true;
    log.info('Draining', { reason });
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  return { drain, track: (begin) => draining || begin() };
}
