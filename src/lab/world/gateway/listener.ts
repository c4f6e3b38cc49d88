import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../launcher/ports.ts';
import type { Authority } from './authority.ts';
import { type Connections, createConnections, type Route } from './connections.ts';
import type { GatewayCredential } from './credential.ts';
import { ownPorts } from './own-ports.ts';

/** A port of 127.0.0.1 that serves HTTP, plain, with TLS, or as a proxy. */
export interface Listener {
  port: number;
  connections: Connections;
  /** Closes the port. */
  refuse: (endConnections: () => void) => Promise<void>;
  /** Listens on the same port again. */
  accept: () => Promise<void>;
}

export interface ListenerOptions {
  authority: Authority;
  /** Null: it serves every client. */
  credential: GatewayCredential | null;
  /** Called for connections that fail, with the host if it is known. */
  failed: (host: string | null, reason: string) => void;
  handle: (request: IncomingMessage, response: ServerResponse, route: Route) => void | Promise<void>;
}

/** Milliseconds for connections to close. The port is free before, but a new connection may still be on its way. */
const closeMs = 1_000;

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { authority, credential, failed, handle } = options;
  const http = createHttpServer(
    // A server that closes idle connections would be a fault that no experiment injected.
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 60_000 },
    async (request, response) => {
      const route = connections.routeOf(request.socket);
      if (route === undefined) return void response.destroy();
      response.on('error', () => {});
      try {
        await handle(request, response, route);
      } catch {
        response.destroy();
      }
    },
  );
  const connections = createConnections(http, authority, credential, failed);
  const server = createServer({ noDelay: true }, (socket: Socket) => connections.accept(socket));
  const port = await freePort();
  const accept = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ownPorts.add(port);
  };
  await accept();
  return {
    port,
    connections,
    refuse: async (endConnections) => {
      ownPorts.delete(port);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      endConnections();
      await Promise.race([closed, delay(closeMs, undefined, { ref: false })]);
    },
    accept,
  };
}
