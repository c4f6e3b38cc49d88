import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { linesWritten } from '../logging/log-sink.ts';
import { ListenError } from '../process/listen-error.ts';
import { onStopSignal } from '../process/stop-signals.ts';
import { createServices } from '../services.ts';
import type { CoreSettings } from '../settings.ts';
import { createApp } from './app.ts';
import type { HttpSettings } from './settings.ts';
import { shutDown } from './shutdown.ts';

// For everything after the calls: streams, connections, the store, what observers still hold.
const stuckAfterMs = 5_000;

/**
 * Serves until SIGTERM or SIGINT, then exits: with 0, or with 1 when calls were cut off.
 *
 * @throws ListenError when the port cannot be had
 */
export async function serveHttp(
  settings: CoreSettings & HttpSettings,
  log: FastifyBaseLogger,
): Promise<void> {
  const services = createServices(settings);
  const http = await createApp(settings, services, log);
  const { HOST: host, PORT: port } = settings;
  await http.app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new ListenError(error, host, port);
  });
  const address = http.app.server.address() as AddressInfo;
  log.info({ host, port: address.port, endpoint: '/mcp' }, 'ready');

  let stopping = false;
  onStopSignal(async (signal) => {
    if (stopping) {
      // Someone who asks twice does not want to wait.
      const calls = http.drain.size;
      log.warn({ signal, calls }, 'stopped at once');
      process.exit(calls > 0 ? 1 : 0);
    }
    stopping = true;
    const longestMs = settings.SHUTDOWN_DELAY_MS + settings.SHUTDOWN_TIMEOUT_MS + stuckAfterMs;
    setTimeout(() => {
      log.error('the shutdown is stuck');
      process.exit(1);
    }, longestMs).unref();
    const cut = await shutDown(http, settings, log);
    await services.close();
    log.info({ signal }, 'stopped');
    await linesWritten();
    process.exit(cut > 0 ? 1 : 0);
  });
}
