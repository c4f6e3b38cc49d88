import { getRequestListener } from '@hono/node-server';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createServer } from '../server.ts';
import { countedAs } from './client.ts';
import type { HttpContext } from './context.ts';
import { jsonRpcError } from './errors.ts';
import { hijack } from './hijack.ts';
import type { Endpoint } from './http-app.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { answerPlainly } from './plain-answers.ts';
import { useLightWebObjects } from './web-objects.ts';

/** `/mcp`: Streamable HTTP for clients of revision 2026-07-28 and of the 2025 revisions, without sessions. */
export function mcpEndpoint(
  app: FastifyInstance,
  { settings, services, drain, guards, streams }: HttpContext,
): Endpoint {
  const { events } = services;
  const createMcpServer = () => createServer(services);
  const onerror = (error: Error) => events.emit('messageRefused', { reason: error.message });
  const mcpHandler = createMcpHandler(createMcpServer, { maxSubscriptions: settings.MAX_STREAMS, onerror });
  const handler = answerPlainly(mcpHandler, createMcpServer, onerror);
  useLightWebObjects();

  refuseOtherMethods(app, '/mcp', 'POST', guards);
  app.post('/mcp', guards, (request, reply) => {
    if (isListen(request.body)) {
      streams.open('listen', reply.raw, countedAs(request));
      drain.end(reply.raw);
    }
    // The SDK writes the answer itself.
    hijack(reply);
    const respond = getRequestListener(
      // Fastify has read the body already.
      async (webRequest) => {
        const answer = await handler.fetch(webRequest, { parsedBody: request.body });
        // Of streams the SDK says that the connection is kept, which is not so during a shutdown.
        if (drain.started) answer.headers.delete('connection');
        return answer;
      },
      {
        overrideGlobalObjects: false,
        autoCleanupIncoming: false,
        errorHandler: (error) => internalError(request, error),
      },
    );
    return respond(request.raw, reply.raw);
  });
  return { close: () => handler.close() };
}

function internalError(request: FastifyRequest, error: unknown): Response {
  request.log.error({ err: error }, 'request failed');
  return Response.json(jsonRpcError(-32_603, 'Internal error'), { status: 500 });
}

/** A subscription stays open for as long as its client likes (revision 2026-07-28, `subscriptions/listen`). */
function isListen(body: unknown): boolean {
  return (body as { method?: unknown } | null | undefined)?.method === 'subscriptions/listen';
}
