import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { EnvHttpProxyAgent, request } from 'undici';
import type { Logger } from '../../logging/logger.ts';
import { DiscoveryError, type JsonAnswer, loadKeys } from './discovery.ts';

/** Nobody can tell now whether a token is good. */
export class KeysUnavailable extends Error {
  readonly retryInMs: number;

  constructor(retryInMs: number) {
    super('The keys of the authorization server cannot be had.');
    this.retryInMs = retryInMs;
  }
}

export interface IssuerKeysOptions {
  issuer: string;
  log: Logger;
  /** The monotonic clock, in ms. */
  now?: () => number;
}

// Of metadata and keys together.
const timeoutMs = 5_000;
// Keys that the issuer has withdrawn are used no longer than this while it can be asked,
const refreshMs = 10 * 60_000;
// and than this while it cannot. Tokens seldom live longer.
const keepMs = 60 * 60_000;
// Tokens with made-up key ids make it ask no more often than this.
const cooldownMs = 30_000;
const firstRetryMs = 1_000;
const lastRetryMs = 60_000;
const maxBodyBytes = 1_000_000;

/**
 * The signing keys of the authorization server: asked for when there is a token to check, remembered, and asked for again
 * when they are old or a token names a key that is not among them. After a failure nobody asks for a while, each time a
 * longer one.
 */
export class IssuerKeys {
  readonly #issuer: string;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #agent = new EnvHttpProxyAgent({ connect: { timeout: timeoutMs }, maxResponseSize: maxBodyBytes });
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #closed = false;
  #retryAt = Number.NEGATIVE_INFINITY;

  constructor({ issuer, log, now = () => performance.now() }: IssuerKeysOptions) {
    this.#issuer = issuer;
    this.#log = log;
    this.#now = now;
    this.#keys = createRemoteJWKSet(new URL(issuer), {
      // Where the keys are is asked for each time: it may change, too.
      [customFetch]: async (_url, { signal }) => Response.json(await this.#load(signal)),
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      // Ages are judged below: old keys are better than none.
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
  }

  /** @throws KeysUnavailable */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    const age = this.#now() - this.#loadedAt;
    if (age > keepMs) await this.#keys.reload();
    else if (age > refreshMs) this.refresh();
    return this.#keys(header, token);
  };

  /** Asks without anybody waiting for the answer. A failure is logged. */
  refresh(): void {
    this.#keys.reload().catch(() => {});
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#agent.destroy();
  }

  async #load(signal: AbortSignal) {
    const waitMs = this.#retryAt - this.#now();
    if (waitMs > 0) throw new KeysUnavailable(waitMs);
    try {
      const keys = await loadKeys(this.#issuer, (url) => this.#getJson(url, signal));
      if (this.#failures > 0) this.#log.info({ issuer: this.#issuer }, 'authorization server is back');
      this.#failures = 0;
      this.#loadedAt = this.#now();
      return keys;
    } catch (error) {
      const retryInMs = Math.min(firstRetryMs * 2 ** this.#failures, lastRetryMs);
      this.#failures += 1;
      this.#retryAt = this.#now() + retryInMs;
      if (!this.#closed)
        this.#log.error(
          { issuer: this.#issuer, reason: reasonOf(error), retryInMs },
          'keys of the authorization server cannot be had',
        );
      throw new KeysUnavailable(retryInMs);
    }
  }

  async #getJson(url: string, signal: AbortSignal): Promise<JsonAnswer> {
    const { statusCode, body } = await request(url, {
      dispatcher: this.#agent,
      headers: { accept: 'application/json' },
      signal,
    });
    return { status: statusCode, body: parse(await body.text()) };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof DiscoveryError) return error.message;
  const { code, name } = error as { code?: unknown; name: string };
  return typeof code === 'string' ? code : name;
}
