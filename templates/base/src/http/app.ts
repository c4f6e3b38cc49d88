import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { startObservers } from '../observers.ts';
import type { Services } from '../services.ts';
import type { CoreSettings } from '../settings.ts';
import { reportRequests, requestId } from './access-log.ts';
import { createAuth } from './auth.ts';
import type { Endpoint } from './context.ts';
import { Drain } from './drain.ts';
import { mountEndpoints } from './endpoints.ts';
import { answerErrorsAsJsonRpc, sendError } from './errors.ts';
import { createGuards } from './guards.ts';
import { healthRoutes } from './health.ts';
import { HealthProbe } from './health-probe.ts';
import { addSecurityHeaders } from './security-headers.ts';
import type { HttpSettings } from './settings.ts';

export interface HttpApp {
  app: FastifyInstance;
  endpoints: readonly Endpoint[];
  drain: Drain;
}

// Requests to an MCP server with tools like these are a few hundred bytes.
const maxBodyBytes = 256 * 1024;
const maxRequestMs = 30_000;
const probe = { ttlMs: 5_000, timeoutMs: 900 };

/** Puts the HTTP server together; nothing listens yet. */
export async function createApp(
  settings: CoreSettings & HttpSettings,
  services: Services,
  log: FastifyBaseLogger,
): Promise<HttpApp> {
  const app = Fastify({
    loggerInstance: log,
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: maxBodyBytes,
    // The time to send a request, so that slow senders cannot hold sockets. Answers may take longer.
    requestTimeout: maxRequestMs,
    frameworkErrors: sendError,
    forceCloseConnections: 'idle',
    // The drain refuses new MCP requests itself; probes are answered until the end.
    return503OnClosing: false,
  });
  app.decorateRequest('client', null);

  addSecurityHeaders(app);
  reportRequests(app, services.events);
  answerErrorsAsJsonRpc(app);
  const stopObservers = await startObservers({ events: services.events, log, settings, app });
  app.addHook('onClose', stopObservers);

  const drain = new Drain();
  healthRoutes(app, {
    drain,
    probe: new HealthProbe({
      ...probe,
      known: services.weather.known,
      ask: services.weather.reachable,
    }),
  });
  const auth = await createAuth(settings, log);
  auth.routes?.(app);
  app.addHook('onClose', async () => auth.close?.());
  const guards = createGuards(settings, { auth, drain, services });
  const endpoints = mountEndpoints(app, { settings, services, log, auth, drain, guards });
  return { app, endpoints, drain };
}
