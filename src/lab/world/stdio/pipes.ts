import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { parseJSONRPCMessage, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import { parseBounded } from '../../../protocol/bounded-json.ts';
import { isObject } from '../../../text/json.ts';

/** Standard input and output of a running server. The transport of the official client would start its own. */
export interface Pipes {
  /** For one client. It replaces the transport of the former one, and closing it leaves the pipes open. */
  transport: () => Transport;
  /** Writes a line beside the client's. It is lost if the server has exited. */
  write: (line: string) => void;
  /** Waits for a message that matches. The client gets it too. Undefined: none came until the abort. */
  answer: (
    matches: (message: Record<string, unknown>) => boolean,
    until: AbortSignal,
  ) => Promise<Record<string, unknown> | undefined>;
  /** The number of messages read. */
  messages: () => number;
  /** Resolves when standard output has ended. */
  ended: Promise<void>;
}

export interface PipesOptions {
  stdin: Writable;
  stdout: Readable;
  /** Called for a line that is not a message. `cut`: the output ended within it, or it was too long. */
  onOther: (line: string, cut: boolean) => void;
}

/** A longer message ends the connection, because a client would have to hold it. */
const maxMessageCharacters = 10 * 1024 * 1024;

/** Reads and writes one message per line (MCP 2025-11-25, basic/transports, "stdio"). */
export function openPipes({ stdin, stdout, onOther }: PipesOptions): Pipes {
  let current: Transport | undefined;
  let count = 0;
  let over = false;
  const take = (line: string, cut: boolean) => {
    if (line.trim() === '') return;
    const messages = cut ? [] : messagesOf(line);
    if (messages.length === 0) return onOther(line, cut);
    count += messages.length;
    for (const message of messages) deliver(message);
  };
  const listeners = new Set<(message: Record<string, unknown>) => void>();
  const deliver = (message: Record<string, unknown>) => {
    for (const listener of listeners) listener(message);
    try {
      current?.onmessage?.(parseJSONRPCMessage(message));
    } catch (error) {
      current?.onerror?.(error as Error);
    }
  };
  const ended = new Promise<void>((resolve) => {
    readLines(stdout, take, () => {
      over = true;
      current?.onclose?.();
      resolve();
    });
  });

  return {
    transport: () => {
      const transport: Transport = {
        start: async () => {
          if (over) throw new Error('The standard output of the server has ended.');
        },
        send: (message) =>
          new Promise((sent, failed) => {
            stdin.write(serializeMessage(message), (error) => (error ? failed(error) : sent()));
          }),
        close: async () => {
          if (current !== transport) return;
          current = undefined;
          transport.onclose?.();
        },
      };
      current = transport;
      return transport;
    },
    write: (line) => void stdin.write(`${line}\n`),
    answer: (matches, until) =>
      new Promise((resolve) => {
        const settle = (message?: Record<string, unknown>) => {
          listeners.delete(listen);
          until.removeEventListener('abort', giveUp);
          resolve(message);
        };
        const listen = (message: Record<string, unknown>) => {
          if (matches(message)) settle(message);
        };
        const giveUp = () => settle();
        if (until.aborted) return resolve(undefined);
        listeners.add(listen);
        until.addEventListener('abort', giveUp);
      }),
    messages: () => count,
    ended,
  };
}

function readLines(stdout: Readable, take: (line: string, cut: boolean) => void, end: () => void): void {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let length = 0;
  const flush = (cut: boolean) => {
    const line = pieces.join('');
    pieces = [];
    length = 0;
    take(line, cut);
  };
  stdout.on('data', (chunk: Buffer) => {
    const [first = '', ...others] = decoder.write(chunk).split('\n');
    pieces.push(first);
    length += first.length;
    for (const piece of others) {
      flush(false);
      pieces.push(piece);
      length = piece.length;
    }
    if (length <= maxMessageCharacters) return;
    flush(true);
    stdout.destroy();
  });
  stdout.on('error', () => {});
  stdout.once('close', () => {
    if (length > 0) flush(true);
    end();
  });
}

/** Also what no client expects: answers with the id null (JSON-RPC 2.0, 5), and batches (revision 2025-03-26). */
function messagesOf(line: string): Record<string, unknown>[] {
  const value = parseBounded(line);
  const messages = Array.isArray(value) ? value : [value];
  return messages.every(isMessage) ? (messages as Record<string, unknown>[]) : [];
}

function isMessage(value: unknown): boolean {
  if (!isObject(value) || value.jsonrpc !== '2.0') return false;
  return typeof value.method === 'string' || 'result' in value || 'error' in value;
}
