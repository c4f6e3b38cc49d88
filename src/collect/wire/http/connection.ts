import { isIP, type LookupFunction, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../../evidence/wire.ts';
import { refusedTls, tlsFacts } from './tls-facts.ts';
import { Agent, buildConnector } from './undici.ts';

export interface Connection {
  dispatcher: Agent;
  /** The address that the first connection reached, once there was one. */
  address: () => string | undefined;
  /** What the first TLS connection showed; null while there was none. */
  tls: () => TlsFacts | null;
  /** Ends every socket at once, those that are still connecting as well. */
  close: () => Promise<void>;
}

const maxHeaderBytes = 32 * 1024;
/** Streams that are held open, and what is asked meanwhile. */
const maxConnections = 64;

/**
 * Sockets to one origin. The library's own teardown waits for sockets that are still connecting, so they are kept
 * track of here. The TLS server name is always the target's, whatever `Host` a probe sends.
 *
 * @param connectTimeoutMs milliseconds until a connection that does not come about is given up
 * @param way the address of this machine to come from, what resolves the host's name, and who on this machine answers
 *   instead of it; default: the system's choice
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
  const hostname = target.hostname.replace(/^\[|\]$/g, '');
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    autoSelectFamily: true,
    // From an address of one family no other can be reached.
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
      // The library types the connector as returning nothing; what it returns is the socket.
      const aim = instead ? { ...options, hostname: '127.0.0.1', port: String(instead.port) } : options;
      const socket = connect({ ...aim, servername }, (...result) => {
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
      // With an error, so that the library also drops the timer of a connection that is still being made.
      for (const socket of sockets) socket.destroy(new Error('The audit is over.'));
      await Promise.all([dispatcher.destroy(), ...closed]);
    },
  };
}
