import { LRUCache } from 'lru-cache';

/**
 * Answers by key, for a while. Equal questions that arrive while the first is still open share its answer, so a burst
 * costs one upstream call. Failures are shared with those who wait, and then forgotten.
 */
export class ResponseCache<Value extends object> {
  readonly #answers: LRUCache<string, Value>;
  readonly #open = new Map<string, Promise<Value>>();

  constructor(options: { maxEntries: number; ttlMs: number }) {
    this.#answers = new LRUCache({ max: options.maxEntries, ttl: options.ttlMs });
  }

  /** The remembered value, or what `load` resolves to. Rejects as `load` does. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#answers.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const open = this.#open.get(key);
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
