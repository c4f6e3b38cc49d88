import type { ServerResponse } from 'node:http';

/**
 * Knows which requests are being worked on, so that a shutdown can wait for exactly those.
 */
export class Drain {
  readonly #open = new Set<ServerResponse>();
  #started = false;
  #idle: (() => void) | undefined;

  /** Whether the shutdown has begun: new work is to be refused. */
  get started(): boolean {
    return this.#started;
  }

  /** Counts a request until its answer has been handed over, or its client is gone. */
  track(response: ServerResponse): void {
    this.#open.add(response);
    response.once('close', () => this.release(response));
  }

  /** Stops counting: nobody should wait for a stream that ends when its client leaves. */
  release(response: ServerResponse): void {
    this.#open.delete(response);
    if (this.#open.size === 0) this.#idle?.();
  }

  /** Begins to refuse new work and waits for the open requests. Returns how many are still open after `timeoutMs`. */
  async start(timeoutMs: number): Promise<number> {
    this.#started = true;
    if (this.#open.size > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
        timer = setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
    }
    return this.#open.size;
  }
}
