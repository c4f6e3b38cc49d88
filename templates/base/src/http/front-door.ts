import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyServerFactory } from 'fastify';
import type * as z from 'zod';
import { wholeNumber } from '../config.ts';
import type { Events } from '../events.ts';
import type { Logger } from '../logging/logger.ts';
import type { Drain } from '../process/drain.ts';
import { invalidRequest, jsonRpcError, serverError } from './errors.ts';
import { type Overload, overloaded } from './overload.ts';
import { securityHeaders } from './security-headers.ts';

export const connectionSettings = {
  /**
   * For idle connections. Longer than the load balancer keeps them (nginx and AWS: 60 s), or it sends requests into
   * connections that this end is about to close.
   */
  KEEP_ALIVE_TIMEOUT_MS: wholeNumber(1_000, 3_600_000).default(75_000),
};

export type ConnectionSettings = z.infer<z.ZodObject<typeof connectionSettings>>;

// The time to send a request, so that slow senders cannot hold connections. Answers may take longer.
const maxHeadersMs = 10_000;
const maxRequestMs = 30_000;
const checkConnectionsEveryMs = 1_000;
const complainEveryMs = 1_000;

/** What operators poll is answered under any load. */
const probes = new Set(['/health', '/livez', '/readyz', '/metrics']);

export interface FrontDoor {
  factory: FastifyServerFactory;
  /** Fastify makes two for HOST=localhost: 127.0.0.1 and ::1. */
  servers: Server[];
  /** Reports a request that never gets as far as Fastify's hooks. */
  report(status: number, method: string, code?: string): void;
}

export interface FrontDoorContext {
  drain: Drain;
  events: Events;
  overload: Overload;
  log: Logger;
}

/**
 * What every request passes before Fastify sees it, where refusing costs the least: bounds on slow senders, overload, and
 * the answers to what is no proper HTTP. Every answer gets the security headers here.
 */
export function createFrontDoor(
  settings: ConnectionSettings,
  { drain, events, overload, log }: FrontDoorContext,
): FrontDoor {
  const servers: Server[] = [];
  const answering = new WeakMap<Duplex, ServerResponse>();

  const factory: FastifyServerFactory = (handle) => {
    const enter = (request: IncomingMessage, response: ServerResponse) => {
      answering.set(request.socket, response);
      for (const name in securityHeaders) {
        response.setHeader(name, securityHeaders[name as keyof typeof securityHeaders]);
      }
      // Load balancers and clients that keep connections open move elsewhere.
      if (drain.started) response.setHeader('connection', 'close');
      if (request.headers.host === undefined && request.httpVersion === '1.1') {
        refuse(request, response, 400, 'The Host header is missing.');
      } else if (!probes.has(pathOf(request)) && overload.refuse()) {
        response.setHeader('retry-after', '1');
        refuse(request, response, 503, overloaded);
      } else handle(request, response);
    };
    const server = createServer(
      {
        keepAliveTimeout: settings.KEEP_ALIVE_TIMEOUT_MS,
        headersTimeout: maxHeadersMs,
        requestTimeout: maxRequestMs,
        connectionsCheckingInterval: checkConnectionsEveryMs,
        // Node's own answer would have neither body nor headers.
        requireHostHeader: false,
      },
      enter,
    );
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      answering.set(request.socket, response);
      response.setHeaders(new Map(Object.entries(securityHeaders)));
      refuse(request, response, 417, 'Expectations other than 100-continue are not met here.');
    });
    server.on('connect', (_request: IncomingMessage, socket: Duplex) =>
      hangUp(socket, 405, 'CONNECT_METHOD'),
    );
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
      const answer = answering.get(socket);
      const answered = answer?.headersSent && !answer.writableFinished;
      // It left, or is in the middle of an answer, where another one would end up inside.
      if (error.code === 'ECONNRESET' || !socket.writable || answered) socket.destroy();
      else hangUp(socket, statusOf(error), error.code);
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      // Before that it is the start that failed. Afterwards: no file descriptor is left for a new connection, say.
      if (server.listening) complain(error);
    });
    servers.push(server);
    return server;
  };

  let complained = Number.NEGATIVE_INFINITY;
  function complain({ code }: NodeJS.ErrnoException): void {
    const now = performance.now();
    if (now - complained < complainEveryMs) return;
    complained = now;
    log.error({ code }, 'connections cannot be accepted');
  }

  function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
    const body = JSON.stringify(jsonRpcError(status === 503 ? serverError : invalidRequest, message));
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
    if (status !== 503) report(status, request.method ?? '(unknown)');
  }

  function hangUp(socket: Duplex, status: number, code: string | undefined): void {
    const body = JSON.stringify(jsonRpcError(invalidRequest, STATUS_CODES[status] ?? 'Bad Request'));
    const headers = {
      ...securityHeaders,
      ...(status === 405 && { allow: 'GET, POST' }),
      connection: 'close',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () =>
      socket.destroy(),
    );
    report(status, '(unknown)', code);
  }

  function report(status: number, method: string, code?: string): void {
    events.emit('request', {
      method,
      route: '(unknown)',
      status,
      durationMs: 0,
      abandoned: false,
      quiet: false,
      ...(code !== undefined && { code }),
    });
  }

  return { factory, servers, report };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** https://nodejs.org/api/http.html#event-clienterror */
function statusOf({ code }: NodeJS.ErrnoException): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  return 400;
}
