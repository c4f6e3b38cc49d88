import type { McpReply } from '../evidence/wire.ts';
import { isObject, toJson } from '../text/json.ts';
import { singleLine } from '../text/printable.ts';
import { parseBounded } from './bounded-json.ts';

/** An answer in MCP terms, with its result. */
export interface ReadReply {
  /** The message of an error is one line, bounded and not masked yet: masking must come before a shorter cut. */
  reply: McpReply;
  result?: Record<string, unknown>;
  /** The message and data of an error, bounded and not masked. */
  detail?: string;
}

const detailCharacters = 4_000;

export type RequestId = string | number;

/**
 * Reads the JSON-RPC response to the request `id` from JSON text: one message, or one of a batch. An error may lack the id,
 * because a server cannot always read it (JSON-RPC 2.0 section 5). A result needs it.
 *
 * @param id of the request; undefined when it had none, and then only an error is a reply
 * @returns undefined when the text has no response to it
 */
export function readResponse(text: string, id: RequestId | undefined): ReadReply | undefined {
  return firstReply(messagesIn(text), id);
}

/** Reads the responses to several requests, in their order. Undefined: the text has none. */
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
  // JSON allows numbers that evidence cannot hold.
  if (isObject(error) && Number.isFinite(error.code) && result === undefined) {
    const anonymous = message.id === undefined || message.id === null;
    if (!anonymous && id !== undefined && message.id !== id) return undefined;
    const text = typeof error.message === 'string' ? error.message : '';
    return {
      reply: { kind: 'error', code: Number(error.code), message: singleLine(text, detailCharacters) },
      detail: [text, toJson(error.data) ?? ''].join(' ').slice(0, detailCharacters),
    };
  }
  if (id !== undefined && message.id === id && isObject(result)) return { reply: { kind: 'result' }, result };
  return undefined;
}
