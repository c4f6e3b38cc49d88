import { connect, createServer, type Server } from 'node:net';

/** Below the ephemeral ports (Linux: 32768 and up), so that no outgoing connection takes one meanwhile. */
const lowest = 20_000;
const count = 12_000;
/** Each process starts at its own offset: a free port has to stay free until the server listens. */
const offsets = 24;
/** Distance between ports, because a server may fall back to the next one. Coprime to the count, to reach all of them. */
const step = 17;

let next = (process.pid % offsets) * (count / offsets);

/** A port that is free on every address and was not returned recently. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = lowest + ((next * step) % count);
    next = (next + 1) % count;
    if ((await canListen(port, '0.0.0.0')) && (await canListen(port, '127.0.0.1'))) return port;
  }
  throw new Error(`No free port was found between ${lowest} and ${lowest + count}.`);
}

/**
 * Takes a port. Its connections are closed at once.
 *
 * @returns null if the port is taken, or the address does not exist
 */
export function holdPort(port: number, host: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

export const closeListener = (server: Server): Promise<unknown> =>
  new Promise((resolve) => server.close(resolve));

async function canListen(port: number, host: string): Promise<boolean> {
  const server = await holdPort(port, host);
  if (server !== null) await closeListener(server);
  return server !== null;
}

/** @param addresses of the listener; if it listens on every address, it is reached on loopback */
export async function reachableOrigin(addresses: readonly string[], port: number): Promise<URL> {
  const everywhere = addresses.some((address) => address === '0.0.0.0' || address === '::');
  const candidates = [...(everywhere ? ['127.0.0.1', '::1'] : []), ...addresses];
  for (const host of candidates) if (await accepts(host, port)) return origin(host, port);
  return origin(candidates[0] ?? '127.0.0.1', port);
}

function origin(host: string, port: number): URL {
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

/** Whether a connection is accepted. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
  });
}
