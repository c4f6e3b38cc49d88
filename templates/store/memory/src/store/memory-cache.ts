import { LRUCache } from 'lru-cache';
import type { Events } from '../events.ts';
import type { Cache, CacheOptions } from './contract.ts';

/** Answers by key, for a while, in this process's memory. The least recently used one makes room for a new one. */
export class MemoryCache<Value extends object> implements Cache<Value> {
  readonly #name: string;
  readonly #events: Events;
  readonly #answers: LRUCache<string, Value>;
  readonly #open = new Map<string, Promise<Value>>();

  constructor({ name, ttlMs, maxEntries }: CacheOptions<Value>, events: Events) {
    this.#name = name;
    this.#events = events;
    this.#answers = new LRUCache({ max: maxEntries, ttl: ttlMs });
  }

  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#answers.get(key);
    const open = known === undefined ? this.#open.get(key) : undefined;
    const result = known !== undefined ? 'hit' : open !== undefined ? 'coalesced' : 'miss';
    this.#events.emit('cacheRead', { cache: this.#name, result });
    if (known !== undefined) return Promise.resolve(known);
    if (open !== undefined) return open;
    const loading = load()
      .then((value) => {
        this.#answers.set(key, value);
        return value;
      })
      .finally(() => this.#open.delete(key));
    this.#open.set(key, loading);
    return loading;
  }
}
