import type { Exchange } from '../../../evidence/exchange.ts';
import type { McpReply, WireEvidence } from '../../../evidence/wire.ts';
import { createEventReader, type ServerSentEvent } from '../../../protocol/events.ts';
import { type ReadReply, type RequestId, readResponses } from '../../../protocol/reply.ts';
import type { Masker } from '../../../text/masking.ts';
import { type Gate, Withheld } from '../http/gate.ts';
import { isEventStream, type Opened, type Recorder, type Request } from '../http/recorder.ts';

/** A request of our own, with what tells us that its answer is complete. */
export interface Probe extends Request {
  /** Of the JSON-RPC request in the body. */
  id?: RequestId;
  /** Of several requests in the body, a JSON-RPC array; instead of `id`. */
  ids?: readonly RequestId[];
  /** For a GET that may open an event stream: the milliseconds to wait for its first event before leaving. */
  patienceMs?: number;
}

export interface Seen {
  exchange: Exchange;
  /** Unmasked; undefined when no answer came. Of an event stream there is no text, but the reply or the event. */
  answer: { status: number; headers: Record<string, string>; text: string } | undefined;
  reply: McpReply;
  result?: Record<string, unknown>;
  /** To the requests of an array, as many as were answered. `reply` is the first of them. */
  replies?: McpReply[];
  /** All that a JSON-RPC error says, unmasked. */
  detail?: string;
  /** The first event of a stream that a GET opened. */
  event?: ServerSentEvent;
}

export interface Prober {
  /**
   * Sends the request and reads its answer; once more when the server asked for a short wait (429).
   *
   * @returns undefined when it was left out, which is then noted in `omitted`
   */
  probe: (probe: Probe) => Promise<Seen | undefined>;
  /** A GET without credentials; what opens an event stream is left at once. */
  get: (purpose: string, url: URL, accept: string, more?: Partial<Probe>) => Promise<Seen | undefined>;
  /** Like `probe`, but keeps an event stream open until `leave`. */
  hold: (probe: Probe) => Promise<(Seen & { leave: () => void }) | undefined>;
  omit: (probe: string, reason: string) => void;
  omitted: WireEvidence['omitted'];
}

export function createProber(
  recorder: Recorder,
  gate: Gate,
  masker: Masker,
  omitted: WireEvidence['omitted'] = [],
): Prober {
  const omit = (probe: string, reason: string) => {
    omitted.push({ probe, reason });
  };

  const once = async (probe: Probe, keepOpen: boolean) => {
    const opened = await recorder.open({ gate, ...probe });
    const seen = await read(opened, probe, keepOpen);
    const reply = masked(seen.reply, masker);
    const replies = seen.replies?.map((one) => masked(one, masker));
    return { ...seen, reply, ...(replies === undefined ? {} : { replies }), leave: opened.leave };
  };

  const hold = async (probe: Probe, keepOpen = true) => {
    try {
      const seen = await once(probe, keepOpen);
      if (seen.answer?.status !== 429 || !gate.waits() || gate.stopped() !== undefined) return seen;
      seen.leave();
      await gate.ready();
      return await once({ ...probe, purpose: `${probe.purpose}, again after the wait` }, keepOpen);
    } catch (error) {
      if (!(error instanceof Withheld)) throw error;
      omit(probe.purpose, error.message);
      return undefined;
    }
  };

  return {
    hold,
    probe: (probe) => hold(probe, false),
    get: (purpose, url, accept, more = {}) =>
      hold(
        { purpose, method: 'GET', url, credential: 'none', headers: { accept }, patienceMs: 0, ...more },
        false,
      ),
    omit,
    omitted,
  };
}

function masked(reply: McpReply, masker: Masker): McpReply {
  if (reply.kind !== 'error') return reply;
  return { ...reply, message: masker.line(reply.message) };
}

async function read(opened: Opened, probe: Probe, keepOpen: boolean): Promise<Seen> {
  const { exchange, answer } = opened;
  if (answer === undefined) return { exchange, answer: undefined, reply: { kind: 'none' } };
  const succeeded = answer.status >= 200 && answer.status < 300;
  const streaming = succeeded && isEventStream(answer.headers);
  const stream = streaming && probe.patienceMs !== undefined;
  const patience = stream ? setTimeout(opened.leave, probe.patienceMs) : undefined;
  const events = createEventReader();
  const decoder = new TextDecoder();
  let text = '';
  const ids = probe.ids ?? [probe.id];
  const found = new Map<RequestId | undefined, ReadReply>();
  const look = (json: string) => {
    for (const [n, reply] of readResponses(json, ids).entries()) {
      if (reply !== undefined && !found.has(ids[n])) found.set(ids[n], reply);
    }
  };
  let event: ServerSentEvent | undefined;
  let held = false;

  try {
    const chunks = opened.body[Symbol.asyncIterator]();
    for (let chunk = await chunks.next(); chunk.done !== true; chunk = await chunks.next()) {
      const piece = decoder.decode(chunk.value, { stream: true });
      if (!streaming) {
        text += piece;
        continue;
      }
      const complete = events(piece);
      event ??= complete[0];
      if (!stream) for (const { data } of complete) look(data);
      if (found.size === ids.length || (stream && event !== undefined)) {
        held = keepOpen && stream;
        break;
      }
    }
  } catch {
    // How the body ended is in the exchange.
  } finally {
    clearTimeout(patience);
    if (!held) opened.leave();
  }

  const base = { exchange, answer: { ...answer, text } };
  if (stream) return { ...base, reply: { kind: 'stream' }, ...(event === undefined ? {} : { event }) };
  if (!streaming && answer.status === 202) return { ...base, reply: { kind: 'accepted' } };
  if (!streaming) look(text);
  const read = [...found.values()];
  return {
    ...base,
    ...(read[0] ?? { reply: { kind: 'other' } }),
    ...(probe.ids && { replies: read.map(({ reply }) => reply) }),
  };
}
