import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describeFailure } from '../../../protocol/failures.ts';
import type { Authority } from './authority.ts';
import { compareMark, type GatewayCredential } from './credential.ts';

/** How a request arrived. */
export interface Route {
  /** The socket below TLS and tunnels. */
  raw: Socket;
  scheme: 'http' | 'https';
  /** The host, or host:port, of the tunnel or the TLS handshake. Null: only the request names it. */
  named: string | null;
  /** The connection, or its tunnel, presented the credential. */
  admitted: boolean;
}

export interface Connections {
  /** Accepts a connection: TLS, plain HTTP, or a proxy request that leads to either. */
  accept: (socket: Socket) => void;
  routeOf: (socket: Socket) => Route | undefined;
  /** Whether the route of a request, or the request itself, presented the credential. */
  admits: (request: IncomingMessage) => boolean;
  /** Sends RST (RFC 9293 section 3.5.2). */
  reset: (raw: Socket) => void;
  resetAll: () => void;
  /** Closes all without a reset. */
  destroyAll: () => void;
}

/** For clients without the credential (RFC 7617 section 2). */
export const challenge = 'Basic realm="mcp-prod lab"';
const noMark = 'The TLS connection did not begin with the mark of the lab.';
export const noCredential = 'The request did not present the credential from HTTP_PROXY.';

/** First byte of a TLS record with a handshake (RFC 8446 section 5.1). */
const handshake = 0x16;

/**
 * Passes connections to an HTTP server that does not listen itself.
 *
 * @param credential null: every client is admitted
 * @param failed called for connections that fail, with the host if it is known
 */
export function createConnections(
  server: Server,
  authority: Authority,
  credential: GatewayCredential | null,
  failed: (host: string | null, reason: string) => void,
): Connections {
  const routes = new WeakMap<Socket, Route>();
  /** The socket that speaks HTTP, by the one below TLS. */
  const open = new Map<Socket, Socket>();

  /** Removes the mark from the beginning of a connection. */
  const admit = (socket: Socket, next: (admitted: boolean) => void) => {
    if (credential === null) return next(true);
    let beginning = Buffer.alloc(0);
    const read = () => {
      const piece: Buffer | null = socket.read();
      // Closed unused: clients connect ahead of need, and the launcher probes ports.
      if (piece === null) return;
      beginning = Buffer.concat([beginning, piece]);
      const result = compareMark(credential, beginning);
      if (result === 'unfinished') return void socket.once('readable', read);
      const rest = result === 'marked' ? beginning.subarray(credential.mark.length) : beginning;
      if (rest.length > 0) socket.unshift(rest);
      next(result === 'marked');
    };
    socket.once('readable', read);
  };

  const detectTls = (socket: Socket, route: Route) => {
    socket.once('readable', () => {
      const first: Buffer | null = socket.read();
      if (first === null) return;
      socket.unshift(first);
      if (first[0] === handshake) secure(socket, route);
      else serve(socket, { ...route, scheme: 'http' });
    });
  };

  const secure = (socket: Socket, route: Route) => {
    if (!route.admitted) {
      failed(null, noMark);
      return void socket.destroy();
    }
    let host: string | null = route.named;
    const wrapped = new TLSSocket(socket, {
      isServer: true,
      ALPNProtocols: ['http/1.1'],
      secureContext: authority.contextFor(hostname(route.named ?? 'localhost')),
      SNICallback: (name, done) => {
        host ??= name.toLowerCase();
        done(null, authority.contextFor(name.toLowerCase()));
      },
    });
    open.set(route.raw, wrapped);
    let served = false;
    let problem = 'The client closed the connection after the handshake.';
    wrapped.on('error', (error) => {
      problem = describeFailure(error).message;
    });
    // A client that rejects the certificate may close without an alert.
    wrapped.once('close', () => {
      if (!served) failed(host, problem);
    });
    wrapped.once('readable', () => {
      const first: Buffer | null = wrapped.read();
      if (first === null) return;
      wrapped.unshift(first);
      served = true;
      serve(wrapped, { ...route, scheme: 'https', named: host });
    });
  };

  const serve = (socket: Socket, route: Route) => {
    routes.set(socket, route);
    server.emit('connection', socket);
  };

  // With Node 20, a handle that is reset during its shutdown never closes, and the process spins at its end.
  const reset = (raw: Socket) => {
    if (raw.writable && open.get(raw)?.writable === true) raw.resetAndDestroy();
    else raw.destroy();
  };

  const admits = (request: IncomingMessage) =>
    routes.get(request.socket)?.admitted === true || credential?.isOn(request) === true;

  server.on('connect', (request, socket: Socket, head: Buffer) => {
    const raw = routes.get(socket)?.raw ?? socket;
    if (!admits(request)) {
      failed(null, noCredential);
      return void socket.end(
        `HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: ${challenge}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
      );
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    detectTls(socket, { raw, scheme: 'http', named: (request.url ?? '').toLowerCase(), admitted: true });
  });
  server.on('clientError', (error, socket) => {
    const route = routes.get(socket as Socket);
    if (!('bytesParsed' in error) || route === undefined) return void socket.destroy();
    failed(route.named, 'The request was not HTTP/1.1.');
    socket.destroy();
  });

  return {
    accept: (socket) => {
      open.set(socket, socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => {});
      admit(socket, (admitted) => detectTls(socket, { raw: socket, scheme: 'http', named: null, admitted }));
    },
    routeOf: (socket) => routes.get(socket),
    admits,
    reset,
    resetAll: () => {
      for (const raw of open.keys()) reset(raw);
    },
    destroyAll: () => {
      for (const raw of open.keys()) raw.destroy();
    },
  };
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, '');
}
