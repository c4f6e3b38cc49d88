import type { Events } from '../events.ts';
import type { Drain } from '../process/drain.ts';

// What is ready to be read is handled in one turn of the event loop, one request after the other. Those at the end of a
// long turn have waited as long as it has lasted. Less than this also happens on a busy machine while code is still cold.
const maxTurnMs = 1_000;
// Calls that wait for the weather service cost memory, not time: some 30 KB each.
const maxCalls = 1_000;
const quietMs = 1_000;

/** For clients. */
export const overloaded = 'The server is overloaded. Try again in a moment.';

/**
 * Whether there is more to do than this process can. Refusing some at once serves everyone better than making all wait:
 * what is accepted keeps a bounded latency. `overload` events mark the beginning and the end, not every request.
 */
export class Overload {
  readonly #drain: Drain;
  readonly #events: Events;
  #turnStarted: number | undefined;
  #refused = 0;

  constructor(drain: Drain, events: Events) {
    this.#drain = drain;
    this.#events = events;
  }

  /** Whether to refuse the request that has just been read. */
  refuse(): boolean {
    const now = performance.now();
    if (this.#turnStarted === undefined) {
      this.#turnStarted = now;
      // Runs when everything that was ready has been read.
      setImmediate(() => {
        this.#turnStarted = undefined;
      });
    }
    return this.#refuseIf(now - this.#turnStarted > maxTurnMs || !this.#hasRoomFor(1));
  }

  /** Whether to refuse the calls of a request whose body has been read: others have begun since `refuse` was asked. */
  refuseCalls(count: number): boolean {
    return this.#refuseIf(!this.#hasRoomFor(count));
  }

  #hasRoomFor(calls: number): boolean {
    return this.#drain.size + calls <= maxCalls;
  }

  #refuseIf(refused: boolean): boolean {
    if (!refused) return false;
    this.#refused += 1;
    if (this.#refused === 1) this.#report();
    return true;
  }

  #report(): void {
    this.#events.emit('overload', { overloaded: true, refused: 1 });
    let before = this.#refused;
    const timer = setInterval(() => {
      if (this.#refused > before) {
        before = this.#refused;
        return;
      }
      clearInterval(timer);
      this.#events.emit('overload', { overloaded: false, refused: this.#refused });
      this.#refused = 0;
    }, quietMs).unref();
  }
}
