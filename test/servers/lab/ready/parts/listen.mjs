import { once } from 'node:events';

/** Resolves when it listens; ends the process when it cannot. */
export async function listen(server, { port, host }, log) {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    log.error('Cannot listen', { port, error: error.code });
    process.exit(1);
  }
  // A connection that could not be accepted is no reason to end: descriptors become free again.
  server.on('error', (error) => log.error('Cannot accept a connection', { error: error.code }));
  log.info('Listening', { port });
}
