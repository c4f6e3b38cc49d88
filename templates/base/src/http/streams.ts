import type { ServerResponse } from 'node:http';
import type * as z from 'zod';
import { wholeNumber } from '../config.ts';
import type { Events, StreamEvent } from '../events.ts';
import { HttpError } from './errors.ts';

export const streamSettings = {
  /**
   * Open streams of all clients together, of which one client gets a tenth. Each costs 30 to 60 KB, by the version of Node,
   * and a file descriptor.
   */
  MAX_STREAMS: wholeNumber(1, 1_000_000).default(6_000),
};

export type StreamSettings = z.infer<z.ZodObject<typeof streamSettings>>;

/** Counts the streams that stay open for as long as their clients like. */
export class Streams {
  readonly #max: number;
  readonly #maxPerClient: number;
  readonly #events: Events;
  readonly #openBy = new Map<string, number>();
  #open = 0;

  constructor({ MAX_STREAMS }: StreamSettings, events: Events) {
    this.#max = MAX_STREAMS;
    // One client cannot take the streams of all.
    this.#maxPerClient = Math.ceil(MAX_STREAMS / 10);
    this.#events = events;
  }

  /**
   * Counts a stream until its response is closed.
   *
   * @param client whom the rate limit counts too: `request.client.id`
   * @throws HttpError (503) when all clients together have too many, (429) when this one has
   */
  open(kind: StreamEvent['kind'], response: ServerResponse, client: string): void {
    if (this.#open >= this.#max) throw tooMany(503, 'Too many open streams. Try again later.');
    if ((this.#openBy.get(client) ?? 0) >= this.#maxPerClient) {
      throw tooMany(
        429,
        `Too many open streams of one client, which may have ${this.#maxPerClient}. Close one first.`,
      );
    }
    this.#count(kind, client, 1);
    response.once('close', () => this.#count(kind, client, -1));
  }

  #count(kind: StreamEvent['kind'], client: string, change: 1 | -1): void {
    this.#open += change;
    const own = (this.#openBy.get(client) ?? 0) + change;
    if (own > 0) this.#openBy.set(client, own);
    else this.#openBy.delete(client);
    this.#events.emit('stream', { kind, open: change > 0 });
  }
}

function tooMany(status: number, message: string): HttpError {
  return new HttpError(status, message, { 'retry-after': '30' });
}
