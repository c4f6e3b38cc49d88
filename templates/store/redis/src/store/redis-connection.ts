import { Redis } from 'ioredis';
import { about } from '../about.ts';
import type { Events } from '../events.ts';
import { defineTakeRequest } from './take-request.ts';

// What a request may lose to a Redis that hangs. A healthy one answers in less than a millisecond.
const answerTimeoutMs = 200;
// So many unanswered requests in a row are a Redis that hangs. One may be a hiccup, here or there.
const toleratedTimeouts = 2;
const connectTimeoutMs = 500;
// How long the first requests wait to learn whether there is a Redis at all.
const firstContactTimeoutMs = 1_000;
const probeEveryMs = 1_000;
// A connection that is silent for so long is given up for a new one: the other machine may be gone.
const silenceTimeoutMs = 5_000;

// Never reached, so that every probe is one that writes.
const probeLimit = 1_000_000;

type State = 'connecting' | 'available' | 'unavailable' | 'closed';

/**
 * The way to Redis, with a circuit breaker: a lost connection, a refusal, or silence opens it, and from then on nobody waits
 * for Redis until a probe in the background has found it working again. Requests never are the probe. Every change is told
 * as a `store` event.
 */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #events: Events;
  readonly #firstContact: Promise<void>;
  #contacted: () => void = () => {};
  #state: State = 'connecting';
  #probe: NodeJS.Timeout | undefined;
  #lastError: string | undefined;
  #timeouts = 0;

  constructor(url: string, events: Events) {
    this.#events = events;
    this.#firstContact = new Promise((resolve) => {
      this.#contacted = resolve;
    });
    this.#redis = new Redis(url, {
      connectTimeout: connectTimeoutMs,
      socketTimeout: silenceTimeoutMs,
      // Fail at once without a connection, and never send a command twice: requests would be counted twice.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: (attempt) => Math.min(attempt * 50, 1_000) + Math.random() * 100,
    });
    defineTakeRequest(this.#redis);
    // Without a listener, ioredis prints errors itself. The close that follows is what counts.
    this.#redis.on('error', (error) => {
      this.#lastError = codeOf(error);
    });
    this.#redis.on('close', () => this.#failed(this.#lastError ?? 'closed'));
    this.#redis.on('ready', () => {
      this.#lastError = undefined;
      void this.#tryOut();
    });
    this.#probeLater(firstContactTimeoutMs);
  }

  /**
   * Asks Redis. Never rejects and takes no longer than about 200 ms, the first time a second: undefined means that Redis
   * cannot be had and the caller has to do without.
   */
  async run<Answer>(ask: (redis: Redis) => Promise<Answer>): Promise<Answer | undefined> {
    if (this.#state === 'connecting') await this.#firstContact;
    if (this.#state !== 'available') return undefined;
    try {
      const answer = await inTime(ask(this.#redis));
      this.#timeouts = 0;
      return answer;
    } catch (error) {
      this.#timeouts += 1;
      const hiccup = error instanceof Unanswered && this.#timeouts <= toleratedTimeouts;
      if (!hiccup) this.#failed(codeOf(error));
      return undefined;
    }
  }

  /** Takes about 200 ms at most. */
  async close(): Promise<void> {
    const available = this.#state === 'available';
    this.#state = 'closed';
    clearTimeout(this.#probe);
    this.#contacted();
    // What was sent before is answered before.
    if (available) await inTime(this.#redis.quit()).catch(() => {});
    this.#redis.disconnect();
  }

  #probeLater(delayMs: number): void {
    clearTimeout(this.#probe);
    this.#probe = setTimeout(() => void this.#tryOut(), delayMs);
    this.#probe.unref();
  }

  /** Whether Redis does what requests need. It might be up and yet refuse to write. */
  async #tryOut(): Promise<void> {
    try {
      if (this.#redis.status !== 'ready') throw new Unanswered(this.#lastError);
      await inTime(this.#redis.takeRequest(`${about.name}:probe`, 1_000, probeLimit, 1_000, 1, 1));
      this.#worked();
    } catch (error) {
      this.#failed(codeOf(error));
    }
  }

  #worked(): void {
    if (this.#state === 'closed') return;
    clearTimeout(this.#probe);
    const news = this.#state === 'unavailable';
    this.#state = 'available';
    this.#timeouts = 0;
    this.#contacted();
    if (news) this.#events.emit('store', { available: true });
  }

  #failed(code: string): void {
    if (this.#state === 'closed') return;
    const news = this.#state !== 'unavailable';
    this.#state = 'unavailable';
    this.#probeLater(probeEveryMs);
    this.#contacted();
    if (news) this.#events.emit('store', { available: false, code });
  }
}

class Unanswered extends Error {
  readonly code: string;

  constructor(code = 'timeout') {
    super('Redis did not answer in time');
    this.code = code;
  }
}

function inTime<Answer>(work: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // In a process that is late itself, the timer may go off before an answer that is there has been read: look once more.
    const timer = setTimeout(() => setImmediate(() => reject(new Unanswered())), answerTimeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A word for the log. Messages are left out: they may hold addresses and commands. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Redis begins its own errors with a word: NOAUTH, OOM, READONLY.
  return /^[A-Z]{2,}(?= )/.exec(error.message)?.[0] ?? error.name;
}
