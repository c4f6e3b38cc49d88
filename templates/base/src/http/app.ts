import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { startObservers } from '../observers.ts';
import { Drain } from '../process/drain.ts';
import type { Services } from '../services.ts';
import type { CoreSettings } from '../settings.ts';
import { reportRequests, requestId } from './access-log.ts';
import { createAuth } from './auth.ts';
import { mountEndpoints } from './endpoints.ts';
import { answerErrorsAsJsonRpc, sendError } from './errors.ts';
import { createFrontDoor } from './front-door.ts';
import { createGuards } from './guards.ts';
import { healthRoutes } from './health.ts';
import { HealthProbe } from './health-probe.ts';
import type { HttpApp } from './http-app.ts';
import { Overload } from './overload.ts';
import type { HttpSettings } from './settings.ts';
import { Streams } from './streams.ts';

// Requests to an MCP server with tools like these are a few hundred bytes.
const maxBodyBytes = 256 * 1024;
const probe = { ttlMs: 5_000, timeoutMs: 900 };

/** Puts the HTTP server together; nothing listens yet. */
export async function createApp(
  settings: CoreSettings & HttpSettings,
  services: Services,
  log: FastifyBaseLogger,
): Promise<HttpApp> {
  const { events } = services;
  const drain = new Drain();
  const overload = new Overload(drain, events);
  const door = createFrontDoor(settings, { drain, events, overload, log });
  const app = Fastify({
    serverFactory: door.factory,
    trustProxy: settings.TRUST_PROXY.length > 0 && settings.TRUST_PROXY,
    loggerInstance: log,
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: maxBodyBytes,
    frameworkErrors: (error, request, reply) => {
      door.report(error.statusCode ?? 500, request.method, error.code);
      sendError(error, request, reply);
    },
    forceCloseConnections: 'idle',
    // The drain refuses new MCP requests itself; probes are answered until the end.
    return503OnClosing: false,
  });
  app.decorateRequest('client', null);

  reportRequests(app, events);
  answerErrorsAsJsonRpc(app);
  const stopObservers = await startObservers({ events, log, settings, app });
  app.addHook('onClose', stopObservers);

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
  const guards = createGuards(settings, { auth, drain, overload, services });
  const endpoints = mountEndpoints(app, {
    settings,
    services,
    log,
    auth,
    drain,
    guards,
    streams: new Streams(settings, events),
  });
  return { app, servers: door.servers, endpoints, drain };
}
