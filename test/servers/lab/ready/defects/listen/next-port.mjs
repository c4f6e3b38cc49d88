import { once } from 'node:events';

/** Where the port is taken, it listens at the next one. */
export async function listen(server, { port, host }, log) {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(server, { port: port + 1, host }, log);
  }
  server.on('error', (error) => log.error('Cannot accept a connection', { error: error.code }));
  log.info('Listening', { port });
}
