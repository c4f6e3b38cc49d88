import * as z from 'zod';
import { required } from '../config.ts';
import type { Events } from '../events.ts';
import type { Store } from './contract.ts';
import { RedisCache } from './redis-cache.ts';
import { RedisConnection } from './redis-connection.ts';
import { RedisLimiter } from './redis-limiter.ts';

export const storeSettings = {
  /** May hold a password: never logged. */
  REDIS_URL: required(
    'where Redis listens: redis://[user:password@]host[:port][/database], or rediss:// for TLS',
  ).pipe(z.url({ protocol: /^rediss?$/, hostname: /./, error: 'must be a redis or rediss URL' })),
};

export type StoreSettings = z.infer<z.ZodObject<typeof storeSettings>>;

/** Keeps everything in Redis, where all instances share it, and in this process while Redis cannot be reached. */
export function createStore({ REDIS_URL }: StoreSettings, events: Events): Store {
  const connection = new RedisConnection(REDIS_URL, events);
  return {
    cache: (options) => new RedisCache(options, connection, events),
    limiter: (options) => new RedisLimiter(options, connection),
    close: () => connection.close(),
  };
}
