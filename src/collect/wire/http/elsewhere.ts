import ipaddr from 'ipaddr.js';
import type { Dispatcher } from 'undici';
import { type Connection, createConnection } from './connection.ts';
import { lookupBy, type Resolve, resolvedOnce } from './names.ts';

/** The way to a document that another origin serves, or why it is not gone. */
export type Way = { dispatcher: Dispatcher } | { refused: string };

/**
 * The ways out of the target's origin, for public documents alone. What a server names may stand inside the network that
 * the audit runs in (server-side request forgery, CWE-918), so only https leads there, and only to addresses that the
 * whole world can reach. The connection is made to the very addresses that were looked at.
 */
export interface Elsewhere {
  way: (url: URL) => Promise<Way>;
  close: () => Promise<void>;
}

/** Whoever speaks for other hosts on this machine, with certificates of its own. */
export interface StandIn {
  hosts: readonly string[];
  /** On 127.0.0.1. */
  port: number;
  /** Its authority, PEM. */
  certificate: string;
}

export interface ElsewhereOptions {
  /** The target, whose own host may be reached at another port, wherever it is: the user named it. */
  url: URL;
  /** Milliseconds for a connection to come about. */
  timeoutMs: number;
  /** Default: the system's, asked once for each name. */
  resolve?: Resolve;
  standIn?: StandIn;
}

export function createElsewhere(options: ElsewhereOptions): Elsewhere {
  const { url: target, timeoutMs, resolve = resolvedOnce(), standIn } = options;
  const connections: Connection[] = [];
  const connected = (...words: Parameters<typeof createConnection>): Way => {
    const connection = createConnection(...words);
    connections.push(connection);
    return { dispatcher: connection.dispatcher };
  };

  const way = async (url: URL): Promise<Way> => {
    if (url.protocol !== 'https:') return { refused: `${url.protocol}// is not followed to another origin.` };
    if (standIn?.hosts.includes(url.host)) return connected(url, timeoutMs, { instead: standIn });
    const { hostname } = url;
    const literal = hostname.replace(/^\[|\]$/g, '');
    const addresses = ipaddr.isValid(literal)
      ? [{ address: literal, family: ipaddr.parse(literal).kind() === 'ipv6' ? 6 : 4 }]
      : await resolve(hostname).catch(() => []);
    if (addresses.length === 0) return { refused: `${hostname} could not be resolved.` };
    const inside = addresses.find(({ address }) => !isPublic(address));
    if (inside !== undefined && hostname !== target.hostname) {
      return { refused: `${hostname} is at ${inside.address}, which is no public address.` };
    }
    return connected(url, timeoutMs, { lookup: lookupBy(async () => addresses) });
  };

  return { way, close: async () => void (await Promise.all(connections.map((each) => each.close()))) };
}

/** Whether anybody can reach the address (IANA special-purpose registries), also when IPv6 wraps an IPv4 one. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
