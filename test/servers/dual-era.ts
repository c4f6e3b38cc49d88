import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  hostHeaderValidation,
  type NodeIncomingMessageLike,
  originValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer, type ToolAnnotations } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { createSseRoutes } from './http-sse.ts';
import { listen, readBody, sendJson, type TestServer, testToken } from './listen.ts';

/** Each switches on one defect of an otherwise good server. */
export interface Defects {
  /** No credential is asked for. */
  open?: boolean;
  /** Only POST is guarded. */
  openStream?: boolean;
  /** Only `initialize` is guarded. */
  openAfterInitialize?: boolean;
  /** Any bearer token will do. */
  anyToken?: boolean;
  /** The comparison ends with the shorter token: the beginning of the right one will do, or it and more. */
  tokenMatch?: 'prefix' | 'extended';
  /** The credential comes as it is in this header, instead of `Authorization`. */
  tokenHeader?: string;
  /** 401 comes without `WWW-Authenticate`. */
  noChallenge?: boolean;
  /** Every answer carries `WWW-Authenticate`. */
  challengeOnSuccess?: boolean;
  /** The Host check refuses every name. */
  refuseEveryHost?: boolean;
  noHostCheck?: boolean;
  noOriginCheck?: boolean;
  /**
   * `missing`: no health endpoint; `text`: not JSON; `ping`: text, at /ping; `page`: a web page; `guarded`: needs the token;
   * `drip`: never ends.
   */
  health?: 'missing' | 'text' | 'ping' | 'page' | 'guarded' | 'drip';
  /** Unknown paths answer with the page of a single-page app. */
  anyPathPage?: boolean;
  /** Unknown paths answer "OK". */
  anyPathText?: boolean;
  /** Broken JSON is answered with a stack trace, before the credential is looked at. */
  stackTrace?: boolean;
  /** The refusal repeats the token that came. */
  echoToken?: boolean;
  /** The bytes of the largest body that is read. `Infinity`: bodies of any size are. */
  bodyLimit?: number;
  /** What a larger body gets instead of 413: a closed connection, 400 before the rest was read, or no response. */
  tooLarge?: 'closed' | 'bad-request' | 'silence';
  /** After this many refusals every request is answered 429. */
  lockAfterRefusals?: number;
  /** The first request to `/mcp` is answered 429 with `Retry-After: 0`. */
  slowStart?: boolean;
  /** Only the modern era, or only the legacy one, is served. */
  era?: 'modern' | 'legacy';
  /** What a server of the legacy era does at a request of the modern one, instead of an error at once. */
  breaksFallback?: 'error' | 'silence';
  /** Served at every path. */
  everyPath?: boolean;
  /** RFC 9728 metadata is offered; its authorization servers, where they are not this server itself. */
  resourceMetadata?: boolean | string[];
  /** HTTP+SSE is served besides, guarded or forgotten by the authentication; `silent`: its stream never opens. */
  sse?: 'guarded' | 'forgotten' | 'silent';
  /** Served over TLS, with a certificate that signs itself. */
  selfSigned?: boolean;
  /** What a call with bad arguments gets: what a good one gets, an error that names nothing, or one with a stack trace. */
  badArguments?: 'served' | 'vague' | 'trace';
  /** What the tool says of itself; default: that it only reads. */
  annotations?: ToolAnnotations;
  /** `/mcp` redirects to `/mcp/`. */
  trailingSlash?: boolean;
}

const maxBody = 1024 * 1024;
const page = '<!doctype html><title>App</title><div id="root"></div>';

function createWeather({ annotations = { readOnlyHint: true } }: Defects): McpServer {
  const server = new McpServer({ name: 'weather', version: '1.2.3' });
  server.registerTool(
    'get_weather',
    {
      description: 'The weather in a city',
      inputSchema: z.object({ city: z.string() }),
      annotations,
    },
    async ({ city }) => ({ content: [{ type: 'text', text: `${city}: sunny` }] }),
  );
  return server;
}

/** A stateless server of both eras at `/mcp`, with bearer authentication, health, and Host and Origin checks. */
export async function startDualEraServer(defects: Defects = {}): Promise<TestServer> {
  const mcp = toNodeHandler(
    createMcpHandler(() => createWeather(defects), defects.era === 'modern' ? { legacy: 'reject' } : {}),
  );
  const loopback = ['127.0.0.1', 'localhost'];
  const validHost = hostHeaderValidation(defects.refuseEveryHost ? ['weather.example'] : loopback);
  const validOrigin = originValidation(loopback);
  const sse = createSseRoutes({ open: defects.open || defects.sse === 'forgotten' });
  let refusals = 0;
  let seen = 0;

  const refuse = (request: IncomingMessage, response: ServerResponse) => {
    refusals += 1;
    const error = defects.echoToken
      ? `Not a valid token: ${request.headers[defects.tokenHeader ?? 'authorization'] ?? ''}`
      : 'Unauthorized';
    const metadata = `http://${request.headers.host}/.well-known/oauth-protected-resource/mcp`;
    const challenge = defects.resourceMetadata ? `Bearer resource_metadata="${metadata}"` : 'Bearer';
    sendJson(response, 401, { error }, defects.noChallenge ? {} : { 'www-authenticate': challenge });
  };

  const authorized = (request: IncomingMessage, body: string) => {
    if (defects.open) return true;
    if (defects.openStream && request.method === 'GET') return true;
    if (defects.openAfterInitialize && !/"method":"(initialize|server\/discover)"/.test(body)) return true;
    const sent = request.headers[defects.tokenHeader ?? 'authorization'];
    const [given, right] = [`${sent ?? ''}`, `${defects.tokenHeader ? '' : 'Bearer '}${testToken}`];
    if (defects.anyToken) return given.startsWith('Bearer ');
    if (defects.tokenMatch === 'prefix') return given.length > 'Bearer '.length && right.startsWith(given);
    return defects.tokenMatch === 'extended' ? given.startsWith(right) : given === right;
  };

  const health = (request: IncomingMessage, response: ServerResponse) => {
    if (defects.health === 'guarded' && !authorized(request, '')) refuse(request, response);
    else if (defects.health === 'text') response.writeHead(200, { 'content-type': 'text/plain' }).end('OK');
    // As Express sends text.
    else if (defects.health === 'ping') response.writeHead(200, { 'content-type': 'text/html' }).end('pong');
    else if (defects.health === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else if (defects.health === 'drip') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    } else sendJson(response, 200, { status: 'ok' });
  };

  const handler = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (defects.challengeOnSuccess) response.setHeader('www-authenticate', 'Bearer');
    if (!defects.noHostCheck && !validHost(request, response)) return;
    if (!defects.noOriginCheck && !validOrigin(request, response)) return;
    if (defects.lockAfterRefusals !== undefined && refusals >= defects.lockAfterRefusals) {
      return sendJson(response, 429, { error: 'Too many requests' }, { 'retry-after': '60' });
    }
    const healthPath = defects.health === 'ping' ? '/ping' : '/health';
    if (pathname === healthPath && defects.health !== 'missing') return health(request, response);
    if (defects.sse === 'silent' && pathname === '/sse') return;
    if (defects.sse !== undefined && (await sse(request, response))) return;
    if (defects.resourceMetadata && pathname === '/.well-known/oauth-protected-resource/mcp') {
      const resource = `http://${request.headers.host}/mcp`;
      const own = [`http://${request.headers.host}/login`];
      return sendJson(response, 200, {
        resource,
        authorization_servers: Array.isArray(defects.resourceMetadata) ? defects.resourceMetadata : own,
      });
    }
    if (defects.resourceMetadata && pathname === '/login/.well-known/openid-configuration') {
      return sendJson(response, 200, { issuer: `http://${request.headers.host}/login` });
    }
    if (defects.trailingSlash && pathname === '/mcp') {
      response.writeHead(307, { location: '/mcp/' }).end();
      return;
    }
    const path = defects.trailingSlash ? '/mcp/' : '/mcp';
    if (pathname !== path && !defects.everyPath) {
      if (defects.anyPathPage) response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      else if (defects.anyPathText) response.writeHead(200, { 'content-type': 'text/plain' }).end('OK');
      else sendJson(response, 404, { error: 'Not found' });
      return;
    }
    seen += 1;
    if (defects.slowStart && seen === 1) {
      return sendJson(response, 429, { error: 'Too many requests' }, { 'retry-after': '0' });
    }
    const body = await readBody(request, defects.bodyLimit ?? maxBody).catch(() => '');
    if (body === undefined && defects.tooLarge === 'closed') return void request.socket.destroy();
    // A socket that is not read does not notice its end.
    if (body === undefined && defects.tooLarge === 'silence') {
      return void setTimeout(() => request.socket.destroy(), 3_000);
    }
    if (body === undefined && defects.tooLarge === 'bad-request')
      return sendJson(response, 400, { error: 'No' });
    if (body === undefined) return sendJson(response, 413, { error: 'Too large' }, { connection: 'close' });
    const parsed = parse(body);
    if (parsed instanceof Error && defects.stackTrace) {
      response.writeHead(500, { 'content-type': 'text/html' }).end(`<pre>${parsed.stack}</pre>`);
      return;
    }
    if (!authorized(request, body)) return refuse(request, response);
    if (parsed instanceof Error) {
      const error = { code: -32700, message: 'Parse error' };
      return sendJson(response, 400, { jsonrpc: '2.0', id: null, error });
    }
    if (defects.era === 'legacy' && body.includes('io.modelcontextprotocol/')) {
      if (defects.breaksFallback === 'silence') return;
      if (defects.breaksFallback === 'error') return sendJson(response, 500, { error: 'Internal error' });
      const error = { code: -32601, message: 'Method not found' };
      return sendJson(response, 400, { jsonrpc: '2.0', id: null, error });
    }
    const bad = defects.badArguments && badCall(parsed);
    if (bad && defects.badArguments !== undefined) {
      return sendJson(response, 200, {
        jsonrpc: '2.0',
        id: bad.id,
        result: badAnswers[defects.badArguments],
      });
    }
    // The adapter's types were not written for exactOptionalPropertyTypes.
    await mcp(request as NodeIncomingMessageLike, response, parsed);
  };
  return listen(
    (request, response) => void handler(request, response),
    '/mcp',
    defects.selfSigned ? 'https' : 'http',
  );
}

const badAnswers = {
  served: { resultType: 'complete', content: [{ type: 'text', text: 'undefined: sunny' }] },
  vague: {
    resultType: 'complete',
    isError: true,
    content: [{ type: 'text', text: 'Something went wrong.' }],
  },
  trace: {
    resultType: 'complete',
    isError: true,
    content: [{ type: 'text', text: `city: ${new Error('not a string').stack}` }],
  },
};

/** A call of the tool whose arguments hold no city. */
function badCall(parsed: unknown): { id: unknown } | undefined {
  const message = parsed as { id?: unknown; method?: string; params?: { arguments?: { city?: unknown } } };
  const bad = message?.method === 'tools/call' && typeof message.params?.arguments?.city !== 'string';
  return bad ? { id: message.id } : undefined;
}

function parse(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (error) {
    return error;
  }
}
