import { type JSONRPCMessage, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CallFollower } from '../process/follow-calls.ts';
import { withLog } from '../scope.ts';
import { createServer } from '../server.ts';
import { countedAs } from './client.ts';
import type { HttpContext } from './context.ts';
import { HttpError, invalidRequest } from './errors.ts';
import { hijack } from './hijack.ts';
import type { Endpoint } from './http-app.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { SseTransport } from './sse-transport.ts';

interface Session {
  transport: SseTransport;
  /** Who opened it. Nobody else may send messages into it. */
  client: string | undefined;
}

const messagesPath = '/messages';
// More often than proxies cut off silent connections (nginx and AWS: 60 s). It also finds out about clients that are gone.
const heartbeatMs = 15_000;

/** `/sse` and `/messages`: HTTP+SSE of protocol revision 2024-11-05. Each stream is a session with a server of its own. */
export function sseEndpoint(app: FastifyInstance, context: HttpContext): Endpoint {
  const { services, drain, guards, streams } = context;
  const sessions = new Map<string, Session>();
  const heartbeat = setInterval(() => {
    for (const { transport } of sessions.values()) transport.beat();
  }, heartbeatMs).unref();

  // A HEAD must not open a stream.
  refuseOtherMethods(app, '/sse', 'GET', guards);
  app.get('/sse', { ...guards, exposeHeadRoute: false, config: { stream: true } }, async (request, reply) => {
    const { raw } = reply;
    streams.open('sse', raw, countedAs(request));
    drain.end(raw);
    hijack(reply);
    const transport = new SseTransport(raw, {
      messagesPath,
      calls: new CallFollower(drain),
      onTooSlow: () =>
        services.events.emit('messageRefused', { reason: 'the reader of an event stream is too slow' }),
    });
    sessions.set(transport.sessionId, { transport, client: request.client?.id });
    raw.once('close', () => sessions.delete(transport.sessionId));
    await createServer(services).connect(transport);
  });

  refuseOtherMethods(app, messagesPath, 'POST', guards);
  app.post<{ Querystring: { sessionId?: unknown } }>(messagesPath, guards, async (request, reply) => {
    const { transport } = sessionOf(request, sessions);
    const message = messageIn(request.body);
    withLog(request.log, () => transport.receive(message));
    return reply.code(202).type('text/plain').send('Accepted');
  });

  return {
    close: async () => {
      clearInterval(heartbeat);
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
    },
  };
}

/** @throws HttpError (404), the same one for a session that is over and for another client's */
function sessionOf(
  request: FastifyRequest<{ Querystring: { sessionId?: unknown } }>,
  sessions: ReadonlyMap<string, Session>,
): Session {
  const session = sessions.get(String(request.query.sessionId));
  if (session === undefined || session.client !== request.client?.id) {
    throw new HttpError(404, 'There is no such session. Open a new event stream at /sse.');
  }
  return session;
}

function messageIn(body: unknown): JSONRPCMessage {
  try {
    return parseJSONRPCMessage(body);
  } catch {
    throw new HttpError(400, 'The body is no JSON-RPC message.', {}, invalidRequest);
  }
}
