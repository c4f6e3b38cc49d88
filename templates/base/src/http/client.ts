import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressToCountBy } from './trusted-proxies.ts';

/** Who is asking. */
export interface Client {
  /** Safe to log and to count by: a name, a fingerprint of a key, a token's subject, or an address. */
  id: string;
  authenticated: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    client: Client | null;
  }
}

/**
 * How clients prove who they are. The three steps are apart, so that the rate limit can come between the first and the
 * second: it counts clients by who they are and strangers by address, and strangers cannot use up a client's share.
 */
export interface Auth {
  /** Sets `request.client`. Refuses only (429) where it would cost too much to find out. */
  identify(request: FastifyRequest): void | Promise<void>;
  /** Refuses strangers on every method, with a challenge. */
  require(request: FastifyRequest, reply: FastifyReply): unknown;
  /** Refuses what a known client may not do. Comes last, when the body has been read. */
  authorize?(request: FastifyRequest, reply: FastifyReply): unknown;
  /** Names that this server is reached under, besides those in ALLOWED_HOSTS. */
  hosts?: readonly string[];
  /** Adds routes of its own, which need no credentials. */
  routes?(app: FastifyInstance): void;
  close?(): void | Promise<void>;
}

/** Someone who has not shown who they are. */
export function stranger(request: FastifyRequest): Client {
  return { id: `address:${addressToCountBy(request.ip)}`, authenticated: false };
}

/** Whom limits count the request for. */
export function countedAs(request: FastifyRequest): string {
  return (request.client ?? stranger(request)).id;
}
