import type { Events } from '../events.ts';
import type { Store } from './contract.ts';
import { MemoryCache } from './memory-cache.ts';
import { MemoryLimiter } from './memory-limiter.ts';

export const storeSettings = {};

/** Keeps everything in this process: each instance has answers and limits of its own. */
export function createStore(_settings: unknown, events: Events): Store {
  return {
    cache: (options) => new MemoryCache(options, events),
    limiter: (options) => new MemoryLimiter(options),
    close: async () => {},
  };
}
