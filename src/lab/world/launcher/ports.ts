import { connect, createServer } from 'node:net';

/** Below the range that systems take ports of outgoing connections from (Linux: 32768 and up), so that none is taken meanwhile. */
const lowest = 20_000;
const count = 12_000;
/** Every process begins at a place of its own: what it found free has to stay so until its server listens. */
const places = 24;
/**
 * From one that is given to the next, as a server that finds its own taken may take the one beside it. Coprime to the count,
 * so that every port has its turn.
 */
const apart = 17;

let next = (process.pid % places) * (count / places);

/** A port that nothing listens on, on any address, and that was not given to somebody else a while ago. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = lowest + ((next * apart) % count);
    next = (next + 1) % count;
    if ((await canListen(port, '0.0.0.0')) && (await canListen(port, '127.0.0.1'))) return port;
  }
  throw new Error(`No free port was found between ${lowest} and ${lowest + count}.`);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The origin at which a listener is reached from this machine: loopback where it listens on every address, else the
 * address itself.
 *
 * @param addresses that it listens on, at this port
 */
export async function reachableOrigin(addresses: readonly string[], port: number): Promise<URL> {
  const everywhere = addresses.some((address) => address === '0.0.0.0' || address === '::');
  const candidates = [...(everywhere ? ['127.0.0.1', '::1'] : []), ...addresses];
  for (const host of candidates) if (await accepts(host, port)) return origin(host, port);
  return origin(candidates[0] ?? '127.0.0.1', port);
}

function origin(host: string, port: number): URL {
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

/** Whether a connection is taken. */
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
