import { createShutdown as create } from '../../parts/stdio-shutdown.mjs';

/** Ends with the input; at a signal, the system ends the process as it does by default. */
export function createShutdown({ log }) {
  const shutdown = create({ log });
  process.removeAllListeners('SIGTERM');
  process.removeAllListeners('SIGINT');
  return shutdown;
}
