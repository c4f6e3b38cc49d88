import { isIP, type LookupFunction, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../../evidence/wire.ts';
import { bareHost } from './loopback.ts';
import { refusedTls, tlsFacts } from './tls-facts.ts';
import { Agent, buildConnector } from './undici.ts';

export interface Connection {
  dispatcher: Agent;
  /** The address of the first connection. Undefined before it. */
  address: () => string | undefined;
  /** The facts of the first TLS connection. Null before it. */
  tls: () => TlsFacts | null;
  /** Ends every socket at once, also those that are still connecting. */
  close: () => Promise<void>;
}

const maxHeaderBytes = 32 * 1024;
/** Enough for the held streams and the requests meanwhile. */
const maxConnections = 64;

/**
 * Sockets to one origin. The library's own teardown waits for connecting sockets, so this function tracks them. The TLS server
 * name is always the target's, also when a probe sends another `Host`.
 *
 * @param connectTimeoutMs milliseconds to connect
 * @param route the local address, the resolver of the host's name, and a server on this machine to use instead
 */
export function createConnection(
  target: URL,
  connectTimeoutMs: number,
  {
    localAddress,
    lookup,
    instead,
  }: {
    localAddress?: string;
    lookup?: LookupFunction;
    instead?: { port: number; certificate: string };
  } = {},
): Connection {
  const sockets = new Set<Socket>();
  let address: string | undefined;
  let tls: TlsFacts | null = null;
  const hostname = bareHost(target);
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    autoSelectFamily: true,
    // A local address reaches only addresses of its own family.
    ...(localAddress !== undefined && { family: isIP(localAddress) }),
    ...(lookup && { lookup }),
    ...(instead && { ca: instead.certificate }),
  });

  const dispatcher = new Agent({
    connections: maxConnections,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(localAddress === undefined ? {} : { localAddress }),
    connect: (options, callback) => {
      // An address has no server name (RFC 6066 section 3).
      const servername = isIP(hostname) === 0 ? hostname : '';
      // By its type the connector returns nothing; it returns the socket.
      const destination = instead
        ? { ...options, hostname: '127.0.0.1', port: String(instead.port) }
        : options;
      const socket = connect({ ...destination, servername }, (...result) => {
        const [error, connected] = result;
        address ??= connected?.remoteAddress;
        if (connected instanceof TLSSocket) tls ??= tlsFacts(connected);
        else if (error !== null && target.protocol === 'https:') tls ??= refusedTls(error);
        callback(...result);
      }) as unknown as Socket | undefined;
      if (socket === undefined) return;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
  });

  return {
    dispatcher,
    address: () => address,
    tls: () => tls,
    close: async () => {
      const closed = [...sockets].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      );
      // With an error, the library also drops the timer of a connecting socket.
      for (const socket of sockets) socket.destroy(new Error('The audit is over.'));
      await Promise.all([dispatcher.destroy(), ...closed]);
    },
  };
}
