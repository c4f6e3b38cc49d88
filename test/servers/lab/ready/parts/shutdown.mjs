import { trackSockets } from './sockets.mjs';

const boundMs = 5_000;

/** On SIGTERM and SIGINT: nothing new is taken, what was begun is ended, and the process is over. */
export function createShutdown({ server, streams, log }) {
  const sockets = trackSockets(server);
  let draining = false;
  const drain = (signal) => {
    if (draining) return;
    draining = true;
    log.info('Draining', { signal });
    const end = (message) => {
      log.info(message);
      process.exit(0);
    };
    server.close(() => end('Stopped'));
    streams.endAll();
    sockets.endIdle();
    setTimeout(() => end('Stopped with calls in flight'), boundMs);
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  return { draining: () => draining };
}
