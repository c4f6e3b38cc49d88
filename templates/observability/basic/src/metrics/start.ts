import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Events } from '../events.ts';
import type { Logger } from '../logging/logger.ts';
import { ListenError } from '../process/listen-error.ts';
import { collectMetrics } from './metrics.ts';
import { metricsRoute } from './route.ts';
import type { MetricsSettings } from './settings.ts';

const requestTimeoutMs = 10_000;

export interface MetricsContext {
  /** What serves clients. */
  app: FastifyInstance;
  events: Events;
  log: Logger;
  settings: MetricsSettings & { HOST?: string };
}

/**
 * Serves `/metrics`: beside the endpoint, or on a port of its own. Returns how to stop.
 *
 * @throws ListenError when that port cannot be had
 */
export async function startMetrics({
  app,
  events,
  log,
  settings,
}: MetricsContext): Promise<() => Promise<void>> {
  const { METRICS_PORT: port, METRICS_TOKEN: token, HOST: host = '127.0.0.1' } = settings;
  const registry = collectMetrics(events);
  if (port === undefined) {
    metricsRoute(app, registry, token);
    return async () => {};
  }
  const own = Fastify({ forceCloseConnections: true, requestTimeout: requestTimeoutMs });
  metricsRoute(own, registry, token);
  await own.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new ListenError(error, host, port, 'METRICS_PORT');
  });
  log.info({ host, port: (own.server.address() as AddressInfo).port }, 'metrics ready');
  return () => own.close();
}
