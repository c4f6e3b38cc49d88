import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Drain } from './drain.ts';

/**
 * Follows the calls of one connection by the messages that pass: where many calls share a stream (stdio, HTTP+SSE), no
 * request ends with its answer, so the drain has to be told.
 */
export class CallFollower {
  readonly #drain: Drain;
  readonly #open = new Map<unknown, object>();

  constructor(drain: Drain) {
    this.#drain = drain;
  }

  received(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) {
      // A subscription is answered when it ends, which is when its client likes.
      if (message.method === 'subscriptions/listen' || this.#open.has(message.id)) return;
      const call = {};
      if (this.#drain.begin(call)) this.#open.set(message.id, call);
    } else if (message.method === 'notifications/cancelled') {
      // The protocol forbids an answer to a cancelled call.
      this.#end(message.params?.requestId);
    }
  }

  sent(message: JSONRPCMessage): void {
    if (!('method' in message) && 'id' in message) this.#end(message.id);
  }

  /** The connection is gone: nobody waits for its answers. */
  ended(): void {
    for (const id of [...this.#open.keys()]) this.#end(id);
  }

  #end(id: unknown): void {
    const call = this.#open.get(id);
    if (call === undefined) return;
    this.#open.delete(id);
    this.#drain.end(call);
  }
}
