import ipaddr from 'ipaddr.js';
import type { Dispatcher } from 'undici';
import { type Connection, createConnection } from './connection.ts';
import { bareHost } from './loopback.ts';
import { lookupBy, type Resolve, resolvedOnce } from './names.ts';

/** A connection to another origin, or why there is none. */
type Route = { dispatcher: Dispatcher } | { refused: string };

/**
 * Connections to other origins, for public documents only. A URL from a server may point into the network of the audit
 * (server-side request forgery, CWE-918), so the scheme must be https and every address public. The connection uses the
 * addresses that were checked.
 */
export interface OtherOrigins {
  route: (url: URL) => Promise<Route>;
  close: () => Promise<void>;
}

/** Answers for other hosts on this machine, with its own certificates. */
export interface StandIn {
  hosts: readonly string[];
  /** On 127.0.0.1. */
  port: number;
  /** Its certificate authority, PEM. */
  certificate: string;
}

interface OtherOriginsOptions {
  /** The target. Its host may have any address, also at another port, because the user named it. */
  url: URL;
  /** Milliseconds to connect. */
  timeoutMs: number;
  /** Default: the system's, which resolves each name once. */
  resolve?: Resolve;
  standIn?: StandIn;
}

/** Opens no connection before the first `route`. */
export function createOtherOrigins(options: OtherOriginsOptions): OtherOrigins {
  const { url: target, timeoutMs, resolve = resolvedOnce(), standIn } = options;
  const connections: Connection[] = [];
  const connected = (...words: Parameters<typeof createConnection>): Route => {
    const connection = createConnection(...words);
    connections.push(connection);
    return { dispatcher: connection.dispatcher };
  };

  const route = async (url: URL): Promise<Route> => {
    if (url.protocol !== 'https:') {
      return { refused: `The audit follows no ${url.protocol}// URL to another origin.` };
    }
    if (standIn?.hosts.includes(url.host)) return connected(url, timeoutMs, { instead: standIn });
    const { hostname } = url;
    const literal = bareHost(url);
    const addresses = ipaddr.isValid(literal)
      ? [{ address: literal, family: ipaddr.parse(literal).kind() === 'ipv6' ? 6 : 4 }]
      : await resolve(hostname).catch(() => []);
    if (addresses.length === 0) return { refused: `${hostname} could not be resolved.` };
    const inside = addresses.find(({ address }) => !isPublic(address));
    if (inside !== undefined && hostname !== target.hostname) {
      return { refused: `${hostname} has the address ${inside.address}, which is not public.` };
    }
    return connected(url, timeoutMs, { lookup: lookupBy(async () => addresses) });
  };

  return { route, close: async () => void (await Promise.all(connections.map((each) => each.close()))) };
}

/** Whether an address is public (IANA special-purpose registries), also when IPv6 wraps an IPv4 one. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
