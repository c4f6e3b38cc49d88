import type { McpReply } from '../evidence/wire.ts';
import { isObject } from '../text/json.ts';
import { singleLine } from '../text/printable.ts';
import { parseBounded } from './bounded-json.ts';

/** What an answer says in MCP terms, with the result for those who look into it. */
export interface ReadReply {
  /** The message of an error is one line, unmasked and bounded: what is cut before it is masked may keep a piece of a secret. */
  reply: McpReply;
  result?: Record<string, unknown>;
  /** All that an error says, its data included; unmasked and bounded. */
  detail?: string;
}

const detailCharacters = 4_000;

export type RequestId = string | number;

/**
 * Reads the JSON-RPC response to the request `id` out of JSON text: one message, or one of a batch. An error may lack
 * the id, for the server could not always read it (JSON-RPC 2.0 section 5); a result may not.
 *
 * @param id of the request; undefined when none was sent, and then only an error can be a reply
 * @returns undefined when the text is no such response
 */
export function readResponse(text: string, id: RequestId | undefined): ReadReply | undefined {
  return firstReply(messagesIn(text), id);
}

/** Reads the responses to several requests, in their order; undefined where the text has none. */
export function readResponses(
  text: string,
  ids: readonly (RequestId | undefined)[],
): (ReadReply | undefined)[] {
  const messages = messagesIn(text);
  return ids.map((id) => firstReply(messages, id));
}

function messagesIn(text: string): unknown[] {
  const body = parseBounded(text);
  return Array.isArray(body) ? body.slice(0, 100) : [body];
}

function firstReply(messages: readonly unknown[], id: RequestId | undefined): ReadReply | undefined {
  return messages.map((message) => fromMessage(message, id)).find((reply) => reply !== undefined);
}

function fromMessage(message: unknown, id: RequestId | undefined): ReadReply | undefined {
  if (!isObject(message) || message.jsonrpc !== '2.0') return undefined;
  const { error, result } = message;
  // JSON writes numbers beyond the largest, and evidence cannot.
  if (isObject(error) && Number.isFinite(error.code) && result === undefined) {
    const anonymous = message.id === undefined || message.id === null;
    if (!anonymous && id !== undefined && message.id !== id) return undefined;
    const text = typeof error.message === 'string' ? error.message : '';
    return {
      reply: { kind: 'error', code: Number(error.code), message: singleLine(text, detailCharacters) },
      detail: [text, json(error.data)].join(' ').slice(0, detailCharacters),
    };
  }
  if (id !== undefined && message.id === id && isObject(result)) return { reply: { kind: 'result' }, result };
  return undefined;
}

function json(value: unknown): string {
  try {
    return value === undefined ? '' : JSON.stringify(value);
  } catch {
    return ''; // nested deeper than it can be written
  }
}
