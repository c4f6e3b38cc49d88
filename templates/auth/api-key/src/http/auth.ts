import { createHash, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { about } from '../about.ts';
import { commaList, required } from '../config.ts';
import type { Logger } from '../logging.ts';
import { bearerToken, refuse } from './bearer.ts';
import { type Auth, stranger } from './client.ts';

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

export type AuthSettings = z.infer<z.ZodObject<typeof authSettings>>;

/** Bearer tokens that are handed out by hand. */
export async function createAuth({ MCP_API_KEY: keys }: AuthSettings, _log: Logger): Promise<Auth> {
  const digests = keys.map(sha256);
  return {
    identify: async (request) => {
      const token = bearerToken(request);
      const digest = token === undefined ? undefined : sha256(token);
      // Digests have equal lengths, and every key is compared: the time taken tells nothing about any of them.
      let known = false;
      for (const candidate of digests) {
        if (digest !== undefined && timingSafeEqual(digest, candidate)) known = true;
      }
      request.client =
        digest !== undefined && known
          ? { id: `key:${digest.toString('hex').slice(0, 12)}`, authenticated: true }
          : stranger(request);
    },
    require: async (request, reply) => {
      if (request.client?.authenticated) return undefined;
      return refuse(request, reply, `realm="${about.name}"`);
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
