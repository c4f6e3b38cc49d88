import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { createServices } from '../services.ts';
import type { CoreSettings } from '../settings.ts';
import { createApp } from './app.ts';
import type { HttpSettings } from './settings.ts';
import { shutDown } from './shutdown.ts';

/** Serves until SIGTERM or SIGINT. Rejects when the port cannot be had. */
export async function serveHttp(
  settings: CoreSettings & HttpSettings,
  log: FastifyBaseLogger,
): Promise<void> {
  const services = createServices(settings);
  const http = await createApp(settings, services, log);
  await http.app.listen({ host: settings.HOST, port: settings.PORT });
  const { port } = http.app.server.address() as AddressInfo;
  log.info({ host: settings.HOST, port, endpoint: '/mcp' }, 'ready');

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // Someone who asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    await shutDown(http, settings.SHUTDOWN_TIMEOUT_MS, log);
    await services.close();
    log.info({ signal }, 'stopped');
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
