import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { currentLog } from '../logging.ts';
import { createServer } from '../server.ts';
import type { Weather } from '../weather/weather.ts';
import { logRequests, requestId } from './access-log.ts';
import { identifyClient, requireApiKey } from './auth.ts';
import { Drain } from './drain.ts';
import { answerErrorsAsJsonRpc, sendError } from './errors.ts';
import { healthRoutes } from './health.ts';
import { HealthProbe } from './health-probe.ts';
import { checkHostAndOrigin } from './host-and-origin.ts';
import { mcpEndpoint } from './mcp-endpoint.ts';
import { rateLimitHook } from './rate-limit.ts';
import { addSecurityHeaders } from './security-headers.ts';
import type { HttpSettings } from './settings.ts';

export interface HttpApp {
  app: FastifyInstance;
  handler: McpHttpHandler;
  drain: Drain;
}

// Requests to an MCP server with tools like these are a few hundred bytes.
const maxBodyBytes = 256 * 1024;
const maxRequestMs = 30_000;
// Each costs about 33 KB.
const maxListenStreams = 4_096;
const probe = { ttlMs: 5_000, timeoutMs: 900 };

/** Puts the HTTP server together; nothing listens yet. */
export async function createApp(
  settings: HttpSettings,
  weather: Weather,
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
  logRequests(app);
  answerErrorsAsJsonRpc(app);

  const drain = new Drain();
  const handler = createMcpHandler(() => createServer({ weather, log }), {
    maxSubscriptions: maxListenStreams,
    onerror: (error) => currentLog(log).warn({ reason: error.message }, 'message refused'),
  });
  healthRoutes(app, {
    drain,
    probe: new HealthProbe({ ...probe, ask: (timeoutMs) => weather.reachable(timeoutMs) }),
  });
  mcpEndpoint(app, {
    handler,
    drain,
    guards: [
      checkHostAndOrigin(settings),
      identifyClient(settings.MCP_API_KEY),
      await rateLimitHook(app, settings),
      requireApiKey,
    ],
  });
  return { app, handler, drain };
}
