import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { about } from '../about.ts';
import type { Events } from '../events.ts';
import type { Cache, CacheOptions } from './contract.ts';
import type { RedisConnection } from './redis-connection.ts';

interface Answer<Value> {
  value: Value;
  /** How much longer it may be used. */
  ttlMs: number;
}

/**
 * Answers by key, for a while, in Redis, where all instances find them. The ones used last are in this process's memory, too:
 * they need no round trip and outlive an outage of Redis.
 */
export class RedisCache<Value extends object> implements Cache<Value> {
  readonly #options: CacheOptions<Value>;
  readonly #connection: RedisConnection;
  readonly #events: Events;
  readonly #prefix: string;
  readonly #near: LRUCache<string, Value>;
  readonly #open = new Map<string, Promise<Value>>();

  constructor(options: CacheOptions<Value>, connection: RedisConnection, events: Events) {
    this.#options = options;
    this.#connection = connection;
    this.#events = events;
    this.#prefix = `${about.name}:cache:${options.name}:${fingerprint(options.schema)}:`;
    this.#near = new LRUCache({ max: options.maxEntries, ttl: options.ttlMs });
  }

  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#near.get(key);
    if (known !== undefined) {
      this.#tell('hit');
      return Promise.resolve(known);
    }
    const open = this.#open.get(key);
    if (open !== undefined) {
      this.#tell('coalesced');
      return open;
    }
    const answer = this.#find(key, load).finally(() => this.#open.delete(key));
    this.#open.set(key, answer);
    return answer;
  }

  async #find(key: string, load: () => Promise<Value>): Promise<Value> {
    const shared = await this.#connection.run((redis) => this.#read(redis, key));
    if (shared?.found !== undefined) {
      this.#tell('hit');
      this.#near.set(key, shared.found.value, { ttl: shared.found.ttlMs });
      return shared.found.value;
    }
    this.#tell('miss');
    const value = await load();
    this.#near.set(key, value);
    // Nobody waits for this.
    void this.#connection.run((redis) =>
      redis.set(this.#prefix + key, JSON.stringify(value), 'PX', this.#options.ttlMs),
    );
    return value;
  }

  async #read(redis: Redis, key: string): Promise<{ found: Answer<Value> | undefined }> {
    const place = this.#prefix + key;
    const [value, ttl] = (await redis.pipeline().get(place).pttl(place).exec()) ?? [];
    const error = value?.[0] ?? ttl?.[0];
    if (error) throw error;
    const ttlMs = Number(ttl?.[1]);
    const text = value?.[1];
    // Both are asked in one round trip, but it may have expired between them.
    if (typeof text !== 'string' || !(ttlMs > 0)) return { found: undefined };
    const parsed = this.#options.schema.safeParse(parseJson(text));
    return { found: parsed.success ? { value: parsed.data, ttlMs } : undefined };
  }

  #tell(result: 'hit' | 'miss' | 'coalesced'): void {
    this.#events.emit('cacheRead', { cache: this.#options.name, result });
  }
}

/** Part of every key, so that versions of this server with other shapes of answers do not read each other's. */
function fingerprint(schema: z.ZodType): string {
  return createHash('sha256')
    .update(JSON.stringify(z.toJSONSchema(schema)))
    .digest('hex')
    .slice(0, 8);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
