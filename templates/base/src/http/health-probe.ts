import { setTimeout as sleep } from 'node:timers/promises';

export interface HealthProbeOptions {
  /** What is known without asking; undefined: nothing. */
  known: () => boolean | undefined;
  /** Asks the dependency once. May take long, and may reject. */
  ask: () => Promise<boolean>;
  /** How long an answer is good for, in ms. */
  ttlMs: number;
  /** How long to wait for an answer, in ms. One that comes later counts for the next who want to know. */
  timeoutMs: number;
  now?: () => number;
}

/**
 * Whether a dependency is reachable, in bounded time and at a bounded price: what calls have shown of late is believed, an
 * answer is reused for a while, and those who ask meanwhile share one question. However often health is polled, the
 * dependency hears of it once per `ttlMs`.
 */
export class HealthProbe {
  readonly #options: HealthProbeOptions;
  readonly #now: () => number;
  #last: { healthy: boolean; at: number } | undefined;
  /** A question that has not been answered, even if nobody waits for it any more. */
  #asked: Promise<boolean> | undefined;
  #waiting: Promise<boolean> | undefined;

  constructor(options: HealthProbeOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  async check(): Promise<boolean> {
    const known = this.#options.known();
    if (known !== undefined) return known;
    if (this.#last !== undefined && this.#now() - this.#last.at < this.#options.ttlMs) {
      return this.#last.healthy;
    }
    this.#waiting ??= this.#wait().finally(() => {
      this.#waiting = undefined;
    });
    return this.#waiting;
  }

  async #wait(): Promise<boolean> {
    const at = this.#now();
    this.#asked ??= this.#options
      .ask()
      .catch(() => false)
      .finally(() => {
        this.#asked = undefined;
      });
    const timer = new AbortController();
    const tooLate = sleep(this.#options.timeoutMs, false, { signal: timer.signal }).catch(() => false);
    const healthy = await Promise.race([this.#asked, tooLate]);
    timer.abort();
    this.#last = { healthy, at };
    return healthy;
  }
}
