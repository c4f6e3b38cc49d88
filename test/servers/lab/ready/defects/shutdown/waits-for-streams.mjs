/** Ends when the last client has left, and tells none of them: an open event stream keeps it for ever. */
export function createShutdown({ server, log }) {
  let draining = false;
  const drain = (signal) => {
    if (draining) return;
    draining = true;
    log.info('Draining', { signal });
    server.close(() => {
      log.info('Stopped');
      process.exit(0);
    });
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  return { draining: () => draining };
}
