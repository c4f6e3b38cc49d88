import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

/** One request as it arrived, before anything was done with it. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
}

/** A server under test on loopback. */
export interface TestServer {
  /** The URL that a user would audit. */
  url: URL;
  /** What it accepts as a bearer token. */
  token: string;
  /** Every request so far, in order of arrival. */
  requests: SeenRequest[];
  /** Sockets that are open now. */
  sockets: Set<Socket>;
  /** Resolves when no socket is open any more. */
  idle: () => Promise<void>;
  close: () => Promise<void>;
}

export const testToken = 'tok-3f9aQ7zW1xK5-correct';

/**
 * Serves HTTP on a free port of 127.0.0.1, or HTTPS with a certificate for `127.0.0.1` and `localhost` that signs itself.
 *
 * @param path of the URL that is handed out
 */
export function listen(
  handler: RequestListener,
  path = '/mcp',
  scheme: 'http' | 'https' = 'http',
): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const recording: RequestListener = (request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    handler(request, response);
  };
  const server =
    scheme === 'http'
      ? createServer(recording)
      : createTlsServer(
          { key: readFileSync(fixture('self-signed.key.pem')), cert: readFileSync(certificateFile) },
          recording,
        );
  return listening(server, path, requests, scheme);
}

function fixture(name: string): URL {
  return new URL(`../fixtures/tls/${name}`, import.meta.url);
}

export const certificateFile = fixture('self-signed.cert.pem');

/** Starts any server on a free port and keeps track of its sockets. */
export async function listening(
  server: Server,
  path: string,
  requests: SeenRequest[] = [],
  scheme: 'http' | 'https' = 'http',
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const done of waiting) done();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`${scheme}://127.0.0.1:${port}${path}`),
    token: testToken,
    requests,
    sockets,
    idle: () => new Promise((resolve) => (sockets.size === 0 ? resolve() : waiting.add(resolve))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/**
 * Reads a request body.
 *
 * @param limit bytes that are read at most
 * @returns undefined when there is more
 */
export async function readBody(request: IncomingMessage, limit = Infinity): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Otherwise the break closes the connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
