import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Tries again for ever, and neither serves nor ends meanwhile. */
export async function listen(server, { port, host }, log) {
  for (;;) {
    server.listen(port, host);
    try {
      await once(server, 'listening');
      break;
    } catch (error) {
      log.warn('Cannot listen', { port, error: error.code });
      await delay(1_000);
    }
  }
  server.on('error', (error) => log.error('Cannot accept a connection', { error: error.code }));
  log.info('Listening', { port });
}
