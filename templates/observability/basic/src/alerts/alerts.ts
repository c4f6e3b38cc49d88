import { hostname } from 'node:os';
import { about } from '../about.ts';
import type { Logger } from '../logging/logger.ts';
import { escapeText, type Kind, type Problem, problemText } from './text.ts';

export interface AlertsOptions {
  /** Delivers a text, or rejects with an error that may be logged. */
  send(text: string, signal: AbortSignal): Promise<void>;
  log: Logger;
  /** How long what happens at the same time is collected into one message, in ms. */
  collectMs?: number;
  /** One problem sends at most one alert in this time, in ms. Further failures are counted and sent at its end. */
  windowMs?: number;
  /** How long `stop` may take, in ms. */
  stopMs?: number;
  now?: () => number;
}

interface State extends Problem {
  /** When its last alert was sent. */
  toldAt: number | undefined;
  /** Its alert was sent, and the message about its end was not. */
  open: boolean;
}

// Messages that wait for a receiver that does not answer.
const maxWaiting = 10;

/**
 * Tells people of problems, and of their end, without ever being in the way: raising one costs a few operations, messages
 * are collected, bounded in number, and sent in the background. What cannot be delivered leaves a line in the log.
 */
export class Alerts {
  readonly #options: Required<AlertsOptions>;
  readonly #states = new Map<string, State>();
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #waiting = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(options: AlertsOptions) {
    this.#options = {
      collectMs: 1_000,
      windowMs: 600_000,
      stopMs: 2_000,
      now: () => performance.now(),
      ...options,
    };
  }

  /** `details` are words of this server's own, never of a client's: they are tallied in the message. */
  raise(kind: Kind, details?: string): void {
    const state = this.#stateOf(kind);
    state.active = kind.over !== undefined;
    state.count += 1;
    if (details !== undefined) state.tally.set(details, (state.tally.get(details) ?? 0) + 1);
    this.#schedule();
  }

  /** The problem is over. Told of if the problem was. */
  recover(kind: Kind): void {
    const state = this.#states.get(kind.id);
    if (state === undefined || !state.active) return;
    state.active = false;
    this.#schedule();
  }

  /** Sends the alerts that are due, within `stopMs`. Recent alerts are not repeated. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#tellWhatIsDue();
    const late = setTimeout(() => this.#abort.abort(), this.#options.stopMs);
    await this.#sending;
    clearTimeout(late);
  }

  #stateOf(kind: Kind): State {
    const known = this.#states.get(kind.id);
    if (known !== undefined) return known;
    const state: State = { kind, count: 0, tally: new Map(), active: false, toldAt: undefined, open: false };
    this.#states.set(kind.id, state);
    return state;
  }

  /** The first problem after a quiet time waits a moment for company; others wait for their window to end. */
  #schedule(): void {
    const waits = [...this.#states.values()].filter(hasNews).map((state) => this.#waitOf(state));
    const wait = Math.min(...waits);
    const dueAt = this.#options.now() + wait;
    if (waits.length === 0 || dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#tellWhatIsDue();
      this.#schedule();
    }, wait);
    this.#timer.unref();
  }

  #waitOf(state: State): number {
    const { collectMs, windowMs, now } = this.#options;
    // The message about the end does not wait for the window: each problem sends at most one.
    if (state.toldAt === undefined || isOver(state)) return collectMs;
    return Math.max(collectMs, state.toldAt + windowMs - now());
  }

  #tellWhatIsDue(): void {
    const { collectMs } = this.#options;
    const news = [...this.#states.values()].filter(
      (state) => hasNews(state) && this.#waitOf(state) <= collectMs,
    );
    if (news.length === 0) return;
    const lines = news.map((state) => problemText(state, state.open));
    for (const state of news) {
      if (!isOver(state)) state.toldAt = this.#options.now();
      state.open = state.active;
      state.count = 0;
      state.tally.clear();
    }
    this.#enqueue([`${about.name} on ${hostname()}`, ...lines].map(escapeText).join('\n'));
  }

  #enqueue(text: string): void {
    const { send, log } = this.#options;
    if (this.#waiting >= maxWaiting) {
      log.error('alert dropped, too many are waiting');
      return;
    }
    this.#waiting += 1;
    this.#sending = this.#sending
      .then(() => {
        if (this.#abort.signal.aborted) throw new Error('the server stops');
        return send(text, this.#abort.signal);
      })
      .catch((error: Error) => log.error({ reason: error.message }, 'alert not delivered'))
      .finally(() => {
        this.#waiting -= 1;
      });
  }
}

/** Told of, and over since. */
function isOver(state: State): boolean {
  return state.open && !state.active;
}

function hasNews(state: State): boolean {
  return state.count > 0 || isOver(state);
}
