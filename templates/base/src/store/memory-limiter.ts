import { LRUCache } from 'lru-cache';
import type { Limiter, LimiterOptions, Verdict } from './contract.ts';
import { stepOf } from './sliding-window.ts';

/** Requests that came close together, kept as one. On the monotonic clock, in ms. */
interface Burst {
  from: number;
  to: number;
  count: number;
}

interface Client {
  /** Oldest first. */
  bursts: Burst[];
  total: number;
}

// The least recently seen client is forgotten first, so that made-up clients cannot fill the memory.
const maxTrackedClients = 10_000;

/** A sliding window for each client, in this process's memory. */
export class MemoryLimiter implements Limiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #stepMs: number;
  readonly #now: () => number;
  readonly #clients = new LRUCache<string, Client>({ max: maxTrackedClients });

  constructor({ limit, windowMs }: LimiterOptions, now = () => performance.now()) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#stepMs = stepOf(windowMs);
    this.#now = now;
  }

  take(id: string, count = 1, needed = count): Verdict {
    const now = this.#now();
    let client = this.#clients.get(id);
    if (client === undefined) {
      client = { bursts: [], total: 0 };
      this.#clients.set(id, client);
    }
    const { bursts } = client;
    for (let oldest = bursts[0]; oldest !== undefined && oldest.to + this.#windowMs <= now; ) {
      client.total -= oldest.count;
      bursts.shift();
      oldest = bursts[0];
    }
    const allowed = client.total + count <= this.#limit;
    if (allowed) {
      client.total += count;
      const newest = bursts.at(-1);
      if (newest !== undefined && now - newest.from < this.#stepMs) {
        newest.to = now;
        newest.count += count;
      } else {
        bursts.push({ from: now, to: now, count });
      }
    }
    return {
      allowed,
      remaining: this.#limit - client.total,
      resetMs: this.#forgotten(client, allowed ? 1 : needed, now) + this.#windowMs - now,
    };
  }

  /** The time of the last of those that must be forgotten before `needed` more fit. */
  #forgotten({ bursts, total }: Client, needed: number, now: number): number {
    let left = total;
    for (const { to, count } of bursts) {
      left -= count;
      if (left + needed <= this.#limit) return to;
    }
    return now;
  }
}
