import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The caller's X-Request-Id when it is a plain token, else a new one: the same id in both systems' logs. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** One line for every request when it is over, and the request's id in the answer. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const started = performance.now();
    // Not Fastify's onResponse: that one is silent about clients that leave before the answer.
    reply.raw.once('close', () => logRequest(request, reply.raw, Math.round(performance.now() - started)));
  });
}

function logRequest(request: FastifyRequest, response: ServerResponse, durationMs: number): void {
  const status = response.statusCode;
  const line = {
    method: request.method,
    // The registered path: what was really asked for may be long, or hold a secret in its query.
    path: request.routeOptions.url ?? '(unknown)',
    status,
    durationMs,
    client: request.client?.id,
    ...rpc(request),
  };
  if (!response.writableFinished) request.log.warn(line, 'request abandoned by the client');
  else if (status >= 500) request.log.error(line, 'request failed');
  else if (status >= 400) request.log.warn(line, 'request refused');
  else if (request.routeOptions.config.quiet) request.log.debug(line, 'request answered');
  else request.log.info(line, 'request answered');
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For probes: success is logged at debug level only. */
    quiet?: boolean;
  }
}

/** What was asked for in MCP's terms: `tools/call` and the tool's name. */
function rpc(request: FastifyRequest): { rpcMethod?: string; rpcName?: string } {
  const body = request.body as { method?: unknown; params?: { name?: unknown } | null } | null | undefined;
  if (typeof body?.method !== 'string') return {};
  const name = body.params?.name;
  return {
    rpcMethod: body.method.slice(0, 100),
    ...(typeof name === 'string' && { rpcName: name.slice(0, 100) }),
  };
}
