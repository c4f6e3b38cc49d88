import { trackSockets } from '../../parts/sockets.mjs';

/** Ends everything as it should, but for a timer that keeps the process alive. */
export function createShutdown({ server, streams, log }) {
  const sockets = trackSockets(server);
  let draining = false;
  setInterval(() => sockets.count(), 30_000);
  const drain = (signal) => {
    if (draining) return;
    draining = true;
    log.info('Draining', { signal });
    server.close(() => log.info('Stopped'));
    streams.endAll();
    sockets.endIdle();
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  return { draining: () => draining };
}
