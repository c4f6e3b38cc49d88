import { randomUUID } from 'node:crypto';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { createEarlierWeather, createSseRoutes } from './http-sse.ts';
import { listen, readBody, sendJson, type TestServer, testToken } from './listen.ts';

export interface StatefulDefects {
  open?: boolean;
  /** Whoever knows a session's id gets in without a credential. */
  openSessions?: boolean;
  /** The session is looked up before the body is read. */
  sessionFirst?: boolean;
  /** HTTP+SSE is served besides, guarded. */
  sse?: boolean;
}

export interface StatefulServer extends TestServer {
  /** Sessions that were opened and not ended. */
  sessions: Map<string, StreamableHTTPServerTransport>;
}

/** A server of the legacy era that keeps sessions, with bearer authentication; it has no health endpoint. */
export async function startStatefulServer(defects: StatefulDefects = {}): Promise<StatefulServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const sse = createSseRoutes({ open: defects.open ?? false });
  const server = await listen(async (request, response) => {
    if (defects.sse && (await sse(request, response))) return;
    if (request.url !== '/mcp') return sendJson(response, 404, { error: 'Not found' });
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    const authorized = defects.open || request.headers.authorization === `Bearer ${testToken}`;
    if (!authorized && !(defects.openSessions && known !== undefined)) {
      return sendJson(response, 401, { error: 'Unauthorized' }, { 'www-authenticate': 'Bearer' });
    }
    const text = await readBody(request).catch(() => undefined);
    let body: unknown;
    try {
      body = text === '' || text === undefined ? undefined : JSON.parse(text);
    } catch {
      const error =
        defects.sessionFirst && known === undefined
          ? { code: -32000, message: 'Bad Request: No valid session ID provided' }
          : { code: -32700, message: 'Parse error' };
      return sendJson(response, 400, { jsonrpc: '2.0', id: null, error });
    }
    let transport = known;
    if (transport === undefined && isInitializeRequest(body)) {
      const created = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (session) => void sessions.set(session, created),
        onsessionclosed: (session) => void sessions.delete(session),
      });
      await createEarlierWeather().connect(created as Transport);
      transport = created;
    }
    if (transport === undefined) {
      const error = { code: -32000, message: 'Bad Request: No valid session ID provided' };
      return sendJson(response, 400, { jsonrpc: '2.0', id: null, error });
    }
    await transport.handleRequest(request, response, body);
  });
  return { ...server, sessions };
}
