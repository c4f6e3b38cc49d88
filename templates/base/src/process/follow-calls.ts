import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Drain } from './drain.ts';

/**
 * Follows the calls of one connection by the messages that pass: where many calls share a stream (stdio, HTTP+SSE), no
 * request ends with its answer, so the drain has to be told.
 */
export class CallFollower {
  readonly #drain: Drain;
  /** By id. Clients should not use one twice, and calls that share one are still calls. */
  readonly #open = new Map<unknown, object[]>();

  constructor(drain: Drain) {
    this.#drain = drain;
  }

  received(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) {
      // A subscription is answered when it ends, which is when its client likes.
      if (message.method === 'subscriptions/listen') return;
      const call = {};
      if (this.#drain.begin(call)) this.#open.set(message.id, [...(this.#open.get(message.id) ?? []), call]);
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
    for (const call of [...this.#open.values()].flat()) this.#drain.end(call);
    this.#open.clear();
  }

  #end(id: unknown): void {
    const [call, ...others] = this.#open.get(id) ?? [];
    if (call === undefined) return;
    if (others.length === 0) this.#open.delete(id);
    else this.#open.set(id, others);
    this.#drain.end(call);
  }
}
