import type * as z from 'zod';

/** Remembers answers. */
export interface Cache<Value extends object> {
  /**
   * The remembered value for `key`, or what `load` resolves to. Equal questions that arrive while the first is still open
   * share its answer. Rejects as `load` does, and then remembers nothing.
   */
  get(key: string, load: () => Promise<Value>): Promise<Value>;
}

/** What a limiter says to a client. */
export interface Verdict {
  allowed: boolean;
  /** How many more requests this client has at the moment. */
  remaining: number;
  /**
   * When the oldest request that counts is forgotten, in ms from now. For a client that is refused: when enough are
   * forgotten for what it asked.
   */
  resetMs: number;
}

/** Counts requests per client. Never rejects: a limit that cannot be asked is no reason to stop serving. */
export interface Limiter {
  /**
   * Counts `count` requests, all or none of them.
   *
   * @param needed how many a client that is refused will ask for when it comes back; never more than the limit
   */
  take(client: string, count?: number, needed?: number): Verdict | Promise<Verdict>;
}

export interface CacheOptions<Value extends object> {
  /** What is kept in it: part of the key where several caches share a place, and a label for operators. */
  name: string;
  /** What values look like. A place that other versions of this server share may hold something else. */
  schema: z.ZodType<Value>;
  ttlMs: number;
  /** Bound of what is kept in this process's memory. */
  maxEntries: number;
}

export interface LimiterOptions {
  /** What is limited: part of the key where several limits share a place. */
  name: string;
  /** Requests per client and window. */
  limit: number;
  windowMs: number;
}

/** Where answers and counts are kept. */
export interface Store {
  cache<Value extends object>(options: CacheOptions<Value>): Cache<Value>;
  limiter(options: LimiterOptions): Limiter;
  close(): Promise<void>;
}
