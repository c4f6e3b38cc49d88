import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { listen, readBody, sendJson, type TestServer, testToken } from './listen.ts';

/** How a server under pressure fails. Without any of these it limits, holds streams and tells its metrics as it should. */
export interface PressedDefects {
  /** No credential is asked for. */
  open?: boolean;
  /** Answers that one client gets until it is refused; 0: no limit. */
  limit?: number;
  /** What tells clients apart; `leftmost` and `rightmost` are entries of X-Forwarded-For. */
  limitBy?: 'address' | 'nothing' | 'leftmost' | 'rightmost' | 'x-real-ip';
  /** Seconds from the latest refusal until a client has its share again, as Retry-After promises. */
  window?: number;
  /** `garbled`: neither seconds nor a date. `broken`: the client stays refused. */
  retryAfter?: 'missing' | 'garbled' | 'broken';
  /** Only refused credentials count, and once there are five nobody is served. */
  countsFailuresOnly?: boolean;
  /** A request counts until its answer succeeds, as with `skipSuccessfulRequests`; all clients share the limit. */
  limitsFailuresOnly?: boolean;
  /** What becomes of JSON-RPC arrays, instead of counting each request in them: the whole counts as one, or is refused. */
  arrays?: 'as-one' | 'refused';
  /** Answers tell in a header how much is left. */
  tellsRemaining?: boolean;
  /** What a refusal is, instead of 429. */
  refusal?: 'forbidden' | 'unavailable' | 'error' | 'closed';
  /** The eleventh stream is closed without an answer, or refused with 503. */
  tenStreams?: 'closed' | 'unavailable';
  /** No call is answered while a stream is open. */
  oneAtATime?: boolean;
  /** Every other stream ends when a call comes. */
  dropsStreams?: boolean;
  metrics?: 'page' | 'process' | 'guarded' | 'missing' | 'unfinished';
}

/** That of a second client, which this server knows besides. */
export const secondToken = 'second-token-0123456789';
const known = [testToken, secondToken].map((token) => `Bearer ${token}`);

interface Share {
  used: number;
  refusedAt: number;
}

/** A stateless server of both eras at `/mcp` with bearer authentication, a limit of 70 requests and metrics. */
export async function startPressedServer(defects: PressedDefects = {}): Promise<TestServer> {
  const { limit = 70, window = 60, limitBy } = defects;
  const mcp = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'pressed', version: '1.0.0' });
      server.registerTool('get_nothing', { description: 'Nothing' }, async () => ({ content: [] }));
      return server;
    }),
  );
  const shares = new Map<string, Share>();
  const streams = new Set<ServerResponse>();
  let answered = 0;

  const clientOf = ({ headers, socket }: IncomingMessage): string => {
    const address = socket.remoteAddress ?? '';
    const forwarded = `${headers['x-forwarded-for'] ?? address}`.split(/,\s*/);
    if (limitBy === 'nothing') return 'everybody';
    if (limitBy === 'address') return address;
    if (limitBy === 'leftmost') return forwarded[0] ?? '';
    if (limitBy === 'rightmost') return forwarded.at(-1) ?? '';
    if (limitBy === 'x-real-ip') return `${headers['x-real-ip'] ?? address}`;
    return headers.authorization ?? address;
  };
  const isLimited = (request: IncomingMessage, response: ServerResponse, count: number): boolean => {
    const client = clientOf(request);
    const share = shares.get(client) ?? { used: 0, refusedAt: Number.NEGATIVE_INFINITY };
    shares.set(client, share);
    const over = performance.now() - share.refusedAt > window * 1000;
    if (share.used >= limit && share.refusedAt > 0 && over && defects.retryAfter !== 'broken') {
      Object.assign(share, { used: 0, refusedAt: Number.NEGATIVE_INFINITY });
    }
    if (limit === 0 || share.used + count <= limit) {
      if (!defects.countsFailuresOnly) share.used += count;
      if (defects.tellsRemaining) response.setHeader('x-ratelimit-remaining', limit - share.used);
      return false;
    }
    share.refusedAt = performance.now();
    return true;
  };

  let failed = 0;
  const isLockedOut = (response: ServerResponse): boolean => {
    failed += 1;
    response.once('close', () => {
      if (response.statusCode < 400) failed -= 1;
    });
    return failed > limit;
  };

  return listen(async (request, response) => {
    if (defects.limitsFailuresOnly && isLockedOut(response)) {
      return refuse(response, defects, undefined, window);
    }
    if (request.url === '/metrics') {
      metrics(response, defects.metrics, answered);
      return;
    }
    if (request.url === '/health') return sendJson(response, 200, { status: 'ok' });
    if (request.url !== '/mcp') return sendJson(response, 404, { error: 'Not found' });
    const text = (await readBody(request).catch(() => '')) ?? '';
    if (!defects.open && !known.includes(request.headers.authorization ?? '')) {
      const share = shares.get('refused') ?? { used: 0, refusedAt: 0 };
      shares.set('refused', { ...share, used: share.used + 1 });
      return sendJson(response, 401, { error: 'Unauthorized' }, { 'www-authenticate': 'Bearer' });
    }
    const locked = defects.countsFailuresOnly && (shares.get('refused')?.used ?? 0) > 5;
    const message = parse(text);
    const array = Array.isArray(message) ? message : undefined;
    const count = defects.arrays === 'as-one' ? 1 : (array?.length ?? 1);
    if (locked || (!defects.limitsFailuresOnly && isLimited(request, response, count))) {
      refuse(response, defects, message?.id, window);
      return;
    }
    if (array !== undefined && defects.arrays === 'refused') {
      return sendJson(response, 400, {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32600, message: 'No arrays' },
      });
    }
    answered += 1;
    if (message?.method === 'subscriptions/listen') {
      if (defects.tenStreams !== undefined && streams.size >= 10) {
        if (defects.tenStreams === 'closed') request.socket.destroy();
        else sendJson(response, 503, { error: 'Too many streams' });
        return;
      }
      streams.add(response);
      response.once('close', () => streams.delete(response));
    } else if (streams.size > 0) {
      if (defects.oneAtATime) return;
      if (defects.dropsStreams)
        for (const [n, stream] of [...streams].entries()) if (n % 2 === 0) stream.end();
    }
    // The adapter's types were not written for exactOptionalPropertyTypes.
    await mcp(request as NodeIncomingMessageLike, response, message);
  });
}

function refuse(
  response: ServerResponse,
  { refusal, retryAfter }: PressedDefects,
  id: unknown,
  window: number,
): void {
  if (refusal === 'closed') response.socket?.destroy();
  else if (refusal === 'forbidden') sendJson(response, 403, { error: 'Forbidden' });
  else if (refusal === 'unavailable') sendJson(response, 503, { error: 'Overloaded' });
  else if (refusal === 'error') {
    sendJson(response, 200, { jsonrpc: '2.0', id, error: { code: -32029, message: 'Rate limit exceeded' } });
  } else {
    const told = retryAfter === 'garbled' ? 'soon' : `${window}`;
    const headers: Record<string, string> = retryAfter === 'missing' ? {} : { 'retry-after': told };
    sendJson(response, 429, { error: 'Too many requests' }, headers);
  }
}

function metrics(response: ServerResponse, kind: PressedDefects['metrics'], answered: number): void {
  if (kind === 'missing') sendJson(response, 404, { error: 'Not found' });
  else if (kind === 'guarded') sendJson(response, 401, { error: 'Unauthorized' });
  else if (kind === 'page') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>App</title>');
  } else {
    const body = exposition(kind, answered);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(body);
  }
}

function exposition(kind: 'process' | 'unfinished' | undefined, answered: number): string {
  const process = '# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 0.25\n';
  const requests = `# TYPE http_requests_total counter\nhttp_requests_total{status="200"} ${answered}\n`;
  const duration = [
    '# HELP http_request_duration_seconds Duration of requests.',
    '# TYPE http_request_duration_seconds histogram',
    `http_request_duration_seconds_bucket{le="+Inf"} ${answered}`,
    `http_request_duration_seconds_sum 0.5`,
    `http_request_duration_seconds_count ${answered}`,
    '',
  ].join('\n');
  const bodies = { process, unfinished: process + requests };
  return kind === undefined ? process + requests + duration : bodies[kind];
}

function parse(text: string): { id?: unknown; method?: unknown } | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
