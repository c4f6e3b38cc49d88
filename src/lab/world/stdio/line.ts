import type { LineRecord } from '../../../evidence/lab/bad-input.ts';
import { readResponse } from '../../../protocol/reply.ts';
import { isObject } from '../../../text/json.ts';
import { withoutControls } from '../../../text/printable.ts';
import { timeLimit } from '../../async/time-limit.ts';
import type { Instance } from '../instance.ts';
import type { World } from '../world.ts';

const keptCharacters = 4_000;

export interface Line {
  text: string;
  /** The id of the request in it. Null: an error that answers the line has no id either (JSON-RPC 2.0, 5). */
  id: number | null;
  /** Milliseconds for the answer. */
  timeoutMs: number;
}

/**
 * Writes one line beside the client of an instance, and waits for the answer.
 *
 * @throws the reason of an abort
 */
export async function sendLine(
  { canaries, signal }: World,
  { conversation, now }: Instance,
  { text, id, timeoutMs }: Line,
): Promise<LineRecord> {
  const sentMs = Math.round(now());
  const over = new AbortController();
  const limit = timeLimit(timeoutMs, AbortSignal.any([signal, over.signal]));
  const answer = conversation?.pipes.answer((message) => answers(message, id), limit.signal);
  conversation?.pipes.ended.then(() => over.abort());
  conversation?.pipes.write(text);
  const message = (await answer) ?? null;
  limit.end();
  signal.throwIfAborted();
  return {
    line: canaries.beginning(text, keptCharacters),
    sentMs,
    endedMs: Math.round(now()),
    answer:
      message === null
        ? { kind: 'none', over: conversation === null || over.signal.aborted }
        : answerOf(message, (answerText) => withoutControls(canaries.beginning(answerText, keptCharacters))),
    ...(message !== null && canaries.leaksIn(JSON.stringify(message))),
  };
}

type Message = Record<string, unknown>;

const answers = (message: Message, id: number | null): boolean =>
  ('result' in message || 'error' in message) && (message.id ?? null) === id;

function answerOf(message: Message, clean: (text: string) => string): LineRecord['answer'] {
  const { reply, detail = '' } = readResponse(JSON.stringify(message), undefined) ?? {};
  if (reply?.kind === 'error') return { kind: 'error', code: reply.code, text: clean(detail) };
  const result = isObject(message.result) ? message.result : {};
  const parts = Array.isArray(result.content) ? result.content : [];
  const texts = parts.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? part.text : []));
  return { kind: 'result', isError: result.isError === true, text: clean(texts.join('\n')) };
}
