import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, readBody, type TestServer } from '../servers/listen.ts';
import { type Change, changed } from './hostile.ts';

/** What is done to some of the answers of a server that is otherwise in order. */
export interface Twist {
  /** It meets every so many requests, beginning with this one. */
  every: number;
  from: number;
  /** Changes of the JSON document, or another body in its place. */
  changes: Change[];
  body: string | null;
  status: number | null;
  /** Header lines as they are; they come after the usual ones. */
  headers: string[];
  /** How the answer ends: whole, cut in the middle, with more or less than it announced, without an end, or not at all. */
  ending: 'whole' | 'cut' | 'short' | 'long' | 'open' | 'closed' | 'hung' | 'bare' | 'twice';
}

interface Reply {
  status: number;
  type: string;
  body: unknown;
}

const tool = {
  name: 'get_weather',
  description: 'The weather in a city',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  outputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  annotations: { readOnlyHint: true },
};
const serverInfo = { name: 'weather', version: '1.0.0' };
const capabilities = { tools: { listChanged: true } };

const results: Record<string, (params: Record<string, unknown>) => unknown> = {
  initialize: (params) => ({ protocolVersion: params.protocolVersion, capabilities, serverInfo }),
  'server/discover': () => ({
    supportedVersions: ['2026-07-28'],
    capabilities,
    serverInfo,
    resultType: 'complete',
  }),
  'tools/list': () => ({ tools: [tool], ttlMs: 1_000, cacheScope: 'public', resultType: 'complete' }),
  'tools/call': () => ({
    content: [{ type: 'text', text: 'sunny' }],
    isError: false,
    resultType: 'complete',
  }),
  ping: () => ({ resultType: 'complete' }),
};

/** A small MCP server of both eras, some of whose answers are twisted. */
export function startTwistedServer(twists: readonly Twist[]): Promise<TestServer> {
  let count = 0;
  return listen((request, response) => {
    const index = count++;
    const twist = twists.find(({ every, from }) => index >= from && (index - from) % every === 0);
    void readBody(request, 1024 * 1024)
      .catch(() => '')
      .then((body) => {
        const reply = replyTo(request, body ?? '');
        if (twist === undefined) answer(response, reply);
        else twistedAnswer(response, reply, twist);
      });
  });
}

function replyTo(request: IncomingMessage, text: string): Reply {
  const json = (status: number, body: unknown) => ({ status, type: 'application/json', body });
  const path = request.url ?? '/';
  if (path === '/health') return json(200, { status: 'healthy' });
  if (path === '/metrics') return { status: 200, type: 'text/plain', body: '# TYPE a counter\na{b="c"} 1\n' };
  if (path === '/.well-known/oauth-protected-resource/mcp') {
    return json(200, { resource: 'http://127.0.0.1/mcp', authorization_servers: ['http://127.0.0.1:1'] });
  }
  if (path !== '/mcp') return json(404, { error: 'Not found' });
  if (request.method !== 'POST') return json(405, { error: 'Method not allowed' });
  const { id, method, params } = parse(text);
  if (id === undefined) return { status: 202, type: 'application/json', body: '' };
  const result = results[String(method)]?.(params ?? {});
  const outcome =
    result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result };
  return json(result === undefined ? 404 : 200, { jsonrpc: '2.0', id, ...outcome });
}

function parse(text: string): { id?: unknown; method?: unknown; params?: Record<string, unknown> } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return { id: null };
  }
}

const written = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

function answer(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { 'content-type': type }).end(written(body));
}

/** On the socket itself: the library would refuse to say most of it. */
function twistedAnswer(response: ServerResponse, reply: Reply, twist: Twist): void {
  const { socket } = response;
  if (socket === null || twist.ending === 'hung') return;
  if (twist.ending === 'closed') return void socket.destroy();
  const body = Buffer.from(twist.body ?? written(changed(reply.body, twist.changes) ?? null));
  if (twist.ending === 'bare') return void socket.end(body);
  const announced = { short: body.length + 10, long: Math.floor(body.length / 2) }[twist.ending as 'short'];
  const head = [
    `HTTP/1.1 ${twist.status ?? reply.status} Whatever`,
    `content-type: ${reply.type}`,
    ...(twist.ending === 'open' ? [] : [`content-length: ${announced ?? body.length}`]),
    ...twist.headers,
  ].join('\r\n');
  socket.write(`${head}\r\n\r\n`);
  if (twist.ending === 'cut') return void socket.end(body.subarray(0, body.length / 2));
  socket.write(body);
  if (twist.ending === 'open') return;
  socket.end(twist.ending === 'twice' ? `${head}\r\n\r\n` : '');
}
