import { getRequestListener } from '@hono/node-server';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { withLog } from '../logging.ts';
import { createServer } from '../server.ts';
import type { Endpoint, HttpContext } from './context.ts';
import { jsonRpcError } from './errors.ts';
import { answerPlainly } from './plain-answers.ts';
import { useLightWebObjects } from './web-objects.ts';

// Each costs about 33 KB.
const maxListenStreams = 4_096;

/** `/mcp`: Streamable HTTP for clients of revision 2026-07-28 and of the 2025 revisions, without sessions. */
export function mcpEndpoint(app: FastifyInstance, { services, drain, guards }: HttpContext): Endpoint {
  const { events } = services;
  const createMcpServer = () => createServer(services);
  const mcpHandler = createMcpHandler(createMcpServer, {
    maxSubscriptions: maxListenStreams,
    onerror: (error) => events.emit('messageRefused', { reason: error.message }),
  });
  const handler = answerPlainly(mcpHandler, createMcpServer);
  useLightWebObjects();

  app.all('/mcp', guards, async (request, reply) => {
    if (isListen(request.body)) {
      drain.release(reply.raw);
      events.emit('stream', { kind: 'listen', open: true });
      reply.raw.once('close', () => events.emit('stream', { kind: 'listen', open: false }));
    }
    // The SDK writes the answer itself. Fastify would drop the headers that its hooks have set so far.
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    const respond = getRequestListener(
      // Fastify has read the body already.
      (webRequest) => handler.fetch(webRequest, { parsedBody: request.body }),
      {
        overrideGlobalObjects: false,
        autoCleanupIncoming: false,
        errorHandler: (error) => internalError(request, error),
      },
    );
    await withLog(request.log, () => respond(request.raw, reply.raw));
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
