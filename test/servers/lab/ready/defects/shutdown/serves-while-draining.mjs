import { trackSockets } from '../../parts/sockets.mjs';

const boundMs = 5_000;
const lookEveryMs = 50;

/** Takes new calls until none is in flight. */
export function createShutdown({ server, streams, log }) {
  const sockets = trackSockets(server);
  let draining = false;
  const drain = (signal) => {
    if (draining) return;
    draining = true;
    log.info('Draining', { signal });
    const end = () => {
      log.info('Stopped');
      process.exit(0);
    };
    streams.endAll();
    setInterval(() => sockets.count() === 0 && end(), lookEveryMs);
    setTimeout(end, boundMs);
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  return { draining: () => false };
}
