import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { about } from '../about.ts';
import { commaList, required } from '../config.ts';

export const authSettings = {
  /** Several keys, separated by commas, let clients move to a new one without an outage. */
  MCP_API_KEY: required('the bearer tokens that clients present, separated by commas').pipe(
    commaList()
      .refine((keys) => keys.length > 0, { error: 'holds no key' })
      // Any other key would lock its client out, since no header can carry it.
      .refine((keys) => keys.every((key) => /^[\x21-\x7e]+$/.test(key)), {
        error: 'holds a key with spaces or characters that are not ASCII',
      }),
  ),
};

/** Who is asking. `id` is safe to log: a fingerprint of the key, or the address of someone without one. */
export interface Client {
  id: string;
  authenticated: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    client: Client | null;
  }
}

/**
 * Returns a hook that sets `request.client` from the Authorization header (RFC 6750, section 2.1). It refuses nobody, so
 * that the rate limit, which comes next, can count strangers by address and clients by key: strangers cannot use up a
 * client's share.
 */
export function identifyClient(keys: readonly string[]) {
  const digests = keys.map(sha256);
  return async (request: FastifyRequest): Promise<void> => {
    const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    const digest = token === undefined ? undefined : sha256(token);
    // Digests have equal lengths, and every key is compared: the time taken tells nothing about any of them.
    let known = false;
    for (const candidate of digests) {
      if (digest !== undefined && timingSafeEqual(digest, candidate)) known = true;
    }
    request.client =
      digest !== undefined && known
        ? { id: `key:${digest.toString('hex').slice(0, 12)}`, authenticated: true }
        : { id: `address:${request.ip}`, authenticated: false };
  };
}

/** The hook that refuses strangers, on every method. */
export async function requireApiKey(request: FastifyRequest, reply: FastifyReply) {
  if (request.client?.authenticated) return;
  // RFC 6750, section 3: an error code only when credentials were presented.
  const detail = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
  return reply
    .code(401)
    .header('www-authenticate', `Bearer realm="${about.name}"${detail}`)
    .send({ error: 'Unauthorized' });
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
