import { LRUCache } from 'lru-cache';
import type { Limiter, LimiterOptions, Verdict } from './contract.ts';

interface Window {
  count: number;
  /** On the monotonic clock, in ms. */
  endsAt: number;
}

// The least recently seen client is forgotten first, so that made-up clients cannot fill the memory.
const maxTrackedClients = 10_000;

/** A fixed window for each client, which begins with its first request. */
export class MemoryLimiter implements Limiter {
  readonly #options: LimiterOptions;
  readonly #windows = new LRUCache<string, Window>({ max: maxTrackedClients });

  constructor(options: LimiterOptions) {
    this.#options = options;
  }

  take(client: string): Verdict {
    const now = performance.now();
    let window = this.#windows.get(client);
    if (window === undefined || window.endsAt <= now) {
      window = { count: 0, endsAt: now + this.#options.windowMs };
      this.#windows.set(client, window);
    }
    window.count += 1;
    return {
      allowed: window.count <= this.#options.limit,
      remaining: Math.max(0, this.#options.limit - window.count),
      resetMs: window.endsAt - now,
    };
  }
}
