import * as z from 'zod';
import { about } from '../about.ts';
import { ConfigError, commaList } from '../config.ts';
import type { Logger } from '../logging/logger.ts';
import { type ApiKey, KeyProblem, parseEntry } from './api-keys.ts';
import { bearerToken, refuse } from './bearer.ts';
import { type Auth, stranger } from './client.ts';
import { KeyRing } from './key-ring.ts';
import { limitedRefusalLog } from './refusal-log.ts';

export const authSettings = {
  /** `key` or `name:key`, several of them separated by commas. */
  MCP_API_KEY: commaList()
    .refine((entries) => entries.length > 0, { error: 'holds no key', abort: true })
    .transform(parseEntries)
    .optional(),
  /** A file with an entry a line, for keys that change while the server runs. */
  MCP_API_KEYS_FILE: z.string().optional(),
};

export type AuthSettings = z.infer<z.ZodObject<typeof authSettings>>;

/**
 * Bearer tokens that are handed out by hand.
 *
 * @throws ConfigError when there are no keys, or the file of keys cannot be used
 */
export async function createAuth(settings: AuthSettings, log: Logger): Promise<Auth> {
  const { MCP_API_KEY: fixed = [], MCP_API_KEYS_FILE: file } = settings;
  if (fixed.length === 0 && file === undefined) {
    throw new ConfigError(
      'Configuration error: MCP_API_KEY is not set (the bearer tokens that clients present; or MCP_API_KEYS_FILE)',
    );
  }
  const ring = new KeyRing({ fixed, file, log });
  await ring.open().catch((error: unknown) => {
    if (!(error instanceof KeyProblem)) throw error;
    const name = file === undefined ? 'MCP_API_KEY' : 'MCP_API_KEYS_FILE';
    throw new ConfigError(`Configuration error: ${name} ${error.message}`);
  });
  const logRefused = limitedRefusalLog(log, 'API key refused');
  return {
    // A comparison costs less than the rate limit, which counts refused keys by address: valid ones always pass.
    identify: (request) => {
      const token = bearerToken(request);
      const id = token === undefined ? undefined : ring.clientOf(token);
      request.client = id === undefined ? stranger(request) : { id, authenticated: true };
      if (token !== undefined && id === undefined) logRefused(request);
    },
    require: (request, reply) => {
      if (request.client?.authenticated) return undefined;
      return refuse(request, reply, `realm="${about.name}"`);
    },
    close: () => ring.close(),
  };
}

function parseEntries(entries: string[], context: z.RefinementCtx): ApiKey[] {
  try {
    return entries.map(parseEntry);
  } catch (error) {
    if (!(error instanceof KeyProblem)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
}
