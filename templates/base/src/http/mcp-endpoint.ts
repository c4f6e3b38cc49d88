import { getRequestListener } from '@hono/node-server';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { withLog } from '../logging.ts';
import type { Drain } from './drain.ts';
import { HttpError, jsonRpcError } from './errors.ts';

export interface McpEndpointOptions {
  handler: McpHttpHandler;
  drain: Drain;
  /** What a request must pass, in this order, before its body is read. */
  guards: Array<(request: FastifyRequest, reply: FastifyReply) => Promise<unknown>>;
}

/** `/mcp`: Streamable HTTP for clients of revision 2026-07-28 and of the 2025 revisions, without sessions. */
export function mcpEndpoint(app: FastifyInstance, { handler, drain, guards }: McpEndpointOptions): void {
  const refuseWhenDraining = async (_request: FastifyRequest, reply: FastifyReply) => {
    if (drain.started) {
      reply.headers({ connection: 'close', 'retry-after': '5' });
      throw new HttpError(503, 'The server is shutting down. Try again in a moment.');
    }
    drain.track(reply.raw);
  };

  app.all(
    '/mcp',
    { onRequest: [refuseWhenDraining, ...guards] as onRequestHookHandler[] },
    async (request, reply) => {
      if (isListen(request.body)) drain.release(reply.raw);
      // The SDK writes the answer itself. Fastify would drop the headers that its hooks have set so far.
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      const respond = getRequestListener(
        // Fastify has read the body already.
        (webRequest) => handler.fetch(webRequest, { parsedBody: request.body }),
        {
          // Would be a little faster, but replaces the global Response, which other code relies on.
          overrideGlobalObjects: false,
          autoCleanupIncoming: false,
          errorHandler: (error) => {
            request.log.error({ err: error }, 'request failed');
            return Response.json(jsonRpcError(-32_603, 'Internal error'), { status: 500 });
          },
        },
      );
      await withLog(request.log, () => respond(request.raw, reply.raw));
    },
  );
}

/** A subscription stays open for as long as its client likes (revision 2026-07-28, `subscriptions/listen`). */
function isListen(body: unknown): boolean {
  return (body as { method?: unknown } | null | undefined)?.method === 'subscriptions/listen';
}
