import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import type { CallFollower } from '../process/follow-calls.ts';

// Answers are a few hundred bytes. A reader that is behind by so much is stuck, and must not fill the memory.
const maxBufferedBytes = 1024 * 1024;

export interface SseTransportOptions {
  messagesPath: string;
  calls: CallFollower;
  onTooSlow: () => void;
}

/**
 * The server's end of one HTTP+SSE session: messages go out as events on `response` and come in through `receive`.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
export class SseTransport implements Transport {
  readonly sessionId = randomUUID();
  onmessage?: Transport['onmessage'];
  onclose?: Transport['onclose'];
  onerror?: Transport['onerror'];
  readonly #response: ServerResponse;
  readonly #options: SseTransportOptions;

  constructor(response: ServerResponse, options: SseTransportOptions) {
    this.#response = response;
    this.#options = options;
  }

  async start(): Promise<void> {
    const response = this.#response;
    response.once('close', () => {
      this.#options.calls.ended();
      this.onclose?.();
    });
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      // Proxies that collect answers before they pass them on, such as nginx, must not here.
      'x-accel-buffering': 'no',
    });
    this.#write(`event: endpoint\ndata: ${this.#options.messagesPath}?sessionId=${this.sessionId}\n\n`);
  }

  /** Takes in what the client has posted. Its answer comes as an event. */
  receive(message: JSONRPCMessage): void {
    this.#options.calls.received(message);
    this.onmessage?.(message);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    this.#options.calls.sent(message);
  }

  /** A comment, which readers skip. */
  beat(): void {
    this.#write(': keepalive\n\n');
  }

  async close(): Promise<void> {
    this.#response.end();
  }

  #write(text: string): void {
    const response = this.#response;
    if (!response.writable) return;
    if (response.writableLength > maxBufferedBytes) {
      this.#options.onTooSlow();
      response.destroy();
    } else response.write(text);
  }
}
