export interface HealthProbeOptions {
  /** Asks the dependency once; must settle within about `timeoutMs` and may reject. */
  ask: (timeoutMs: number) => Promise<boolean>;
  /** How long an answer is good for, in ms. */
  ttlMs: number;
  timeoutMs: number;
  now?: () => number;
}

/**
 * Whether a dependency is reachable, in bounded time and at a bounded price: an answer is reused for a while, and those
 * who ask meanwhile share one question. However often health is polled, the dependency hears of it once per `ttlMs`.
 */
export class HealthProbe {
  readonly #options: HealthProbeOptions;
  readonly #now: () => number;
  #last: { healthy: boolean; at: number } | undefined;
  #open: Promise<boolean> | undefined;

  constructor(options: HealthProbeOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  check(): Promise<boolean> {
    if (this.#last !== undefined && this.#now() - this.#last.at < this.#options.ttlMs) {
      return Promise.resolve(this.#last.healthy);
    }
    this.#open ??= this.#options
      .ask(this.#options.timeoutMs)
      .catch(() => false)
      .then((healthy) => {
        this.#last = { healthy, at: this.#now() };
        return healthy;
      })
      .finally(() => {
        this.#open = undefined;
      });
    return this.#open;
  }
}
