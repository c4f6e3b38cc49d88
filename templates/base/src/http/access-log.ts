import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Events } from '../events.ts';
import { beginScope, inScopeWithLog, type Scope } from '../scope.ts';
import { joinTrace, traceparentIn } from '../trace-context.ts';

/** The caller's X-Request-Id when it is a plain token, else a new one: the same id in both systems' logs. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/**
 * Tells of every request when it is over, puts the request's id into the answer, and makes everything that is done for the
 * request know that it is.
 */
export function reportRequests(app: FastifyInstance, events: Events): void {
  const scopes = new WeakMap<FastifyRequest, Scope>();
  const within = (request: FastifyRequest, scope: Scope, work: () => void) =>
    inScopeWithLog(scope, request.log, work);

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const scope = beginScope(`${request.method} ${routeOf(request)}`, request.headers.traceparent);
    scopes.set(request, scope);
    // Not Fastify's onResponse: that one is silent about clients that leave before the answer.
    reply.raw.once('close', () =>
      within(request, scope, () => report(events, request, reply.raw, performance.now() - scope.startedAt)),
    );
    within(request, scope, done);
  });

  // What follows the reading of a body runs on behalf of the socket, no longer of the request.
  app.addHook('preValidation', (request, _reply, done) => {
    const scope = scopes.get(request);
    if (scope === undefined) return done();
    joinTrace(scope.trace, traceparentIn(request.body));
    within(request, scope, done);
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '(unknown)';
}

function report(events: Events, request: FastifyRequest, response: ServerResponse, durationMs: number): void {
  events.emit('request', {
    method: request.method,
    route: routeOf(request),
    status: response.statusCode,
    durationMs,
    abandoned: !response.writableFinished,
    quiet: request.routeOptions.config.quiet ?? false,
    ...(isStream(request, response) && { stream: true }),
    ...(request.client !== null && { client: request.client.id }),
    ...rpc(request),
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For probes: of interest only when they fail. */
    quiet?: boolean;
    /** For routes that answer with a stream. */
    stream?: boolean;
  }
}

function isStream(request: FastifyRequest, { statusCode }: ServerResponse): boolean {
  return (
    statusCode === 200 &&
    (request.routeOptions.config.stream === true || rpc(request).rpcMethod === 'subscriptions/listen')
  );
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
