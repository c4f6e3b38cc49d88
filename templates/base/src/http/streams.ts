import type { ServerResponse } from 'node:http';
import type * as z from 'zod';
import { wholeNumber } from '../config.ts';
import type { Events, StreamEvent } from '../events.ts';
import { HttpError } from './errors.ts';

export const streamSettings = {
  /** Open streams of all clients together. Each costs 30 to 60 KB, by the version of Node, and a file descriptor. */
  MAX_STREAMS: wholeNumber(1, 1_000_000).default(6_000),
};

export type StreamSettings = z.infer<z.ZodObject<typeof streamSettings>>;

/** Counts the streams that stay open for as long as their clients like. */
export class Streams {
  readonly #max: number;
  readonly #events: Events;
  #open = 0;

  constructor({ MAX_STREAMS }: StreamSettings, events: Events) {
    this.#max = MAX_STREAMS;
    this.#events = events;
  }

  /**
   * Counts a stream until its response is closed.
   *
   * @throws HttpError (503) when there are too many
   */
  open(kind: StreamEvent['kind'], response: ServerResponse): void {
    if (this.#open >= this.#max) {
      throw new HttpError(503, 'Too many open streams. Try again later.', { 'retry-after': '30' });
    }
    this.#open += 1;
    this.#events.emit('stream', { kind, open: true });
    response.once('close', () => {
      this.#open -= 1;
      this.#events.emit('stream', { kind, open: false });
    });
  }
}
