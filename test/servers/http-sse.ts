import type { IncomingMessage, ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import * as z from 'zod';
import { listen, sendJson, type TestServer, testToken } from './listen.ts';

export interface SseDefects {
  /** The event stream is not guarded. */
  openStream?: boolean;
  /** The message endpoint is not guarded. */
  openMessages?: boolean;
  /** No credential is asked for at all. */
  open?: boolean;
  /** The `endpoint` event names another origin. */
  foreignMessages?: boolean;
  /** POSTs to the message endpoint are never answered. */
  silentMessages?: boolean;
}

export function createEarlierWeather(): McpServer {
  const server = new McpServer({ name: 'earlier-weather', version: '0.9.0' });
  server.registerTool(
    'get_weather',
    {
      description: 'The weather in a city',
      inputSchema: { city: z.string() },
      annotations: { readOnlyHint: true },
    },
    async ({ city }) => ({ content: [{ type: 'text', text: `${city}: sunny` }] }),
  );
  return server;
}

/** Handles `/sse` and `/messages` (HTTP with SSE, revision 2024-11-05); false for any other path. */
export function createSseRoutes(defects: SseDefects = {}) {
  const sessions = new Map<string, SSEServerTransport>();
  const refused = (request: IncomingMessage, response: ServerResponse, open: boolean | undefined) => {
    if (open || defects.open || request.headers.authorization === `Bearer ${testToken}`) return false;
    sendJson(response, 401, { error: 'Unauthorized' }, { 'www-authenticate': 'Bearer' });
    return true;
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/sse') {
      if (refused(request, response, defects.openStream)) return true;
      if (request.method !== 'GET') {
        response.writeHead(405).end();
        return true;
      }
      if (defects.foreignMessages) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('event: endpoint\ndata: http://127.0.0.1:9/messages?sessionId=1\n\n');
        return true;
      }
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      response.on('close', () => sessions.delete(transport.sessionId));
      await createEarlierWeather().connect(transport);
      return true;
    }
    if (url.pathname !== '/messages') return false;
    if (refused(request, response, defects.openMessages)) return true;
    if (defects.silentMessages) return true;
    const transport = sessions.get(url.searchParams.get('sessionId') ?? '');
    if (transport === undefined) sendJson(response, 404, { error: 'Session not found' });
    else await transport.handlePostMessage(request, response);
    return true;
  };
}

/** A server that speaks HTTP+SSE only, with bearer authentication and health. */
export async function startSseServer(defects: SseDefects = {}): Promise<TestServer> {
  const routes = createSseRoutes(defects);
  return listen(async (request, response) => {
    if (await routes(request, response)) return;
    if (request.url === '/health') sendJson(response, 200, { status: 'ok' });
    else sendJson(response, 404, { error: 'Not found' });
  }, '/sse');
}
