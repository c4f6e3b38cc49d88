import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Events } from '../events.ts';
import { withLog } from '../logging.ts';

/** The caller's X-Request-Id when it is a plain token, else a new one: the same id in both systems' logs. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** Tells of every request when it is over, and puts the request's id into the answer. */
export function reportRequests(app: FastifyInstance, events: Events): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const started = performance.now();
    // Not Fastify's onResponse: that one is silent about clients that leave before the answer.
    reply.raw.once('close', () =>
      withLog(request.log, () => report(events, request, reply.raw, Math.round(performance.now() - started))),
    );
  });
}

function report(events: Events, request: FastifyRequest, response: ServerResponse, durationMs: number): void {
  events.emit('request', {
    method: request.method,
    route: request.routeOptions.url ?? '(unknown)',
    status: response.statusCode,
    durationMs,
    abandoned: !response.writableFinished,
    quiet: request.routeOptions.config.quiet ?? false,
    ...(request.client !== null && { client: request.client.id }),
    ...rpc(request),
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For probes: of interest only when they fail. */
    quiet?: boolean;
  }
}

function rpc(request: FastifyRequest): { rpcMethod?: string; rpcName?: string } {
  const body = request.body as { method?: unknown; params?: { name?: unknown } | null } | null | undefined;
  if (typeof body?.method !== 'string') return {};
  const name = body.params?.name;
  return {
    rpcMethod: body.method.slice(0, 100),
    ...(typeof name === 'string' && { rpcName: name.slice(0, 100) }),
  };
}
