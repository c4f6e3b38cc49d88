import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describeFailure } from '../../../protocol/failures.ts';
import type { Authority } from './authority.ts';
import { compareMark, type GatewayCredential } from './credential.ts';

/** How a request came here. */
export interface Route {
  /** The socket below TLS and tunnels. */
  raw: Socket;
  scheme: 'http' | 'https';
  /** Host, or host:port, that a tunnel was asked for or that the TLS handshake named; null: only the request knows. */
  named: string | null;
  /** The connection, or the tunnel that it came through, proved that it belongs to the lab. */
  admitted: boolean;
}

export interface Connections {
  /** Takes a connection in: TLS, plain HTTP, or a proxy request that turns into either. */
  accept: (socket: Socket) => void;
  routeOf: (socket: Socket) => Route | undefined;
  /** Whether a request came by an admitted route, or carries the credential itself. */
  admits: (request: IncomingMessage) => boolean;
  /** Ends one with a reset: RST (RFC 9293 section 3.5.2). */
  reset: (raw: Socket) => void;
  resetAll: () => void;
  /** Ends all of them, without a reset. */
  destroyAll: () => void;
}

/** For clients that were refused (RFC 7617 section 2). */
export const challenge = 'Basic realm="mcp-prod lab"';
const noMark = 'It speaks TLS and came without the mark of the lab.';
export const noCredential = 'It came without the credential of the lab, which HTTP_PROXY holds.';

/** First byte of a TLS record with a handshake (RFC 8446 section 5.1). */
const handshake = 0x16;

/**
 * Hands connections to an HTTP server that does not listen itself.
 *
 * @param credential what they have to prove; null: everybody is served
 * @param failed hears of connections that came to nothing, with the host when it is known
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

  /** Takes the mark off a connection that begins with it. */
  const admit = (socket: Socket, next: (admitted: boolean) => void) => {
    if (credential === null) return next(true);
    let beginning = Buffer.alloc(0);
    const read = () => {
      const piece: Buffer | null = socket.read();
      // Closed before it said anything: connections are made ahead of need, and ports are looked at.
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

  const look = (socket: Socket, route: Route) => {
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
    let problem = 'It closed the connection after the handshake.';
    wrapped.on('error', (error) => {
      problem = describeFailure(error).message;
    });
    // A client that does not trust the certificate may leave without a word.
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

  // Reset while it is being shut down, a handle is never closed, and the process spins at its end (seen with Node 20).
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
    look(socket, { raw, scheme: 'http', named: (request.url ?? '').toLowerCase(), admitted: true });
  });
  server.on('clientError', (error, socket) => {
    const route = routes.get(socket as Socket);
    if (!('bytesParsed' in error) || route === undefined) return void socket.destroy();
    failed(route.named, 'It spoke no HTTP/1.1.');
    socket.destroy();
  });

  return {
    accept: (socket) => {
      open.set(socket, socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => {});
      admit(socket, (admitted) => look(socket, { raw: socket, scheme: 'http', named: null, admitted }));
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

/** Without the port. */
function hostname(host: string): string {
  return host.replace(/:\d+$/, '');
}
