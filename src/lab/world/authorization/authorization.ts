import type { ServerResponse } from 'node:http';
import type { Authority } from '../gateway/authority.ts';
import { urlOf } from '../gateway/incoming.ts';
import { openListener } from '../gateway/listener.ts';
import type { AuthorizationServer } from './authorization-server.ts';

/** The authorization server of one world, on a port of its own: no fault of a gateway affects it. */
export interface Authorization extends AuthorizationServer {
  port: number;
  /** Answers a request for one of its hosts or documents. */
  answer: (url: URL, response: ServerResponse) => void;
  close: () => Promise<void>;
}

/** Serves what the issuer in the configuration would publish. Close it in any case. */
export async function openAuthorization(
  server: AuthorizationServer,
  authority: Authority,
): Promise<Authorization> {
  const answer = (url: URL, response: ServerResponse) => {
    const document = server.document(url);
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? { error: 'not_found' }));
  };
  // It serves every client, so it gets certificates for its own hosts only.
  const names = server.hosts.map((host) => host.replace(/:\d+$/, ''));
  const contextFor = (host: string) =>
    authority.contextFor(names.includes(host) ? host : (names[0] ?? 'localhost'));
  const { port, refuse, connections } = await openListener({
    authority: { ...authority, contextFor },
    credential: null,
    failed: () => {},
    handle: (request, response, route) => {
      const url = urlOf(request, route);
      if (url === undefined) response.destroy();
      else answer(url, response);
    },
  });
  return { ...server, port, answer, close: () => refuse(connections.destroyAll) };
}
