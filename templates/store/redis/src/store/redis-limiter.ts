import { about } from '../about.ts';
import type { Limiter, LimiterOptions, Verdict } from './contract.ts';
import { MemoryLimiter } from './memory-limiter.ts';
import type { RedisConnection } from './redis-connection.ts';
import { stepOf } from './sliding-window.ts';

/**
 * One sliding window for each client over all instances, kept in Redis. What this instance lets through is counted in its
 * memory as well: without Redis it goes on from there, instead of giving everyone a fresh limit.
 */
export class RedisLimiter implements Limiter {
  readonly #options: LimiterOptions;
  readonly #connection: RedisConnection;
  readonly #own: MemoryLimiter;
  /** When Redis was last missing, on the monotonic clock. */
  #aloneAt = Number.NEGATIVE_INFINITY;

  constructor(options: LimiterOptions, connection: RedisConnection) {
    this.#options = options;
    this.#connection = connection;
    this.#own = new MemoryLimiter(options);
  }

  async take(client: string, count = 1, needed = count): Promise<Verdict> {
    const { name, limit, windowMs } = this.#options;
    const answer = await this.#connection.run((redis) =>
      redis.takeRequest(
        `${about.name}:limit:${name}:${client}`,
        windowMs,
        limit,
        stepOf(windowMs),
        count,
        needed,
      ),
    );
    if (answer === undefined) {
      this.#aloneAt = performance.now();
      return this.#own.take(client, count, needed);
    }
    const [allowed, remaining, resetMs] = answer;
    if (allowed === 0) return { allowed: false, remaining, resetMs };
    const own = this.#own.take(client, count, needed);
    // Redis does not know what was let through without it. For one window, that still counts.
    const alone = performance.now() - this.#aloneAt < windowMs;
    if (!alone) return { allowed: true, remaining, resetMs };
    return own.allowed ? { ...own, remaining: Math.min(own.remaining, remaining) } : own;
  }
}
