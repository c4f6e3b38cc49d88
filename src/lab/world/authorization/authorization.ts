import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Authority } from '../gateway/authority.ts';
import { createConnections } from '../gateway/connections.ts';
import { acceptAgain, refuse } from '../gateway/faults/refuse.ts';
import { urlOf } from '../gateway/incoming.ts';
import { freePort } from '../launcher/ports.ts';
import type { AuthorizationServer } from './authorization-server.ts';

/**
 * The authorization server of one run, at a port of its own on loopback: no fault of a gateway reaches it, or every
 * experiment would be about it.
 */
export interface Authorization extends AuthorizationServer {
  port: number;
  /** Answers a request for a host of its own, or for a document of its own. */
  answer: (url: URL, response: ServerResponse) => void;
  close: () => Promise<void>;
}

/** Lets an authorization server answer for the issuer that the configuration names. Close it in any case. */
export async function openAuthorization(
  server: AuthorizationServer,
  authority: Authority,
): Promise<Authorization> {
  const answer = (url: URL, response: ServerResponse) => {
    const document = server.document(url);
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? { error: 'not_found' }));
  };
  const http = createHttpServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 60_000 },
    (request: IncomingMessage, response: ServerResponse) => {
      const route = connections.routeOf(request.socket);
      const url = route && urlOf(request, route);
      if (url === undefined) return void response.destroy();
      response.on('error', () => {});
      answer(url, response);
    },
  );
  // What it publishes is for everybody. It passes nothing on, and has certificates for its own hosts alone.
  const names = server.hosts.map((host) => host.replace(/:\d+$/, ''));
  const own: Authority = {
    ...authority,
    contextFor: (host) => authority.contextFor(names.includes(host) ? host : (names[0] ?? 'localhost')),
  };
  const connections = createConnections(http, own, null, () => {});
  const listener = createServer({ noDelay: true }, (socket: Socket) => connections.accept(socket));
  const port = await freePort();
  await acceptAgain(listener, port);
  return { ...server, port, answer, close: () => refuse(listener, connections.destroyAll) };
}
