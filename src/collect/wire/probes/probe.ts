import type { Exchange } from '../../../evidence/exchange.ts';
import type { McpReply, WireEvidence } from '../../../evidence/wire.ts';
import { createEventReader, type ServerSentEvent } from '../../../protocol/events.ts';
import { type ReadReply, type RequestId, readResponses } from '../../../protocol/reply.ts';
import type { Masker } from '../../../text/masking.ts';
import { type Gate, Withheld } from '../http/gate.ts';
import { isEventStream, type Opened, type Recorder, type Request } from '../http/recorder.ts';

/** A request of the audit, with what completes its response. */
export interface Probe extends Request {
  /** The id of the JSON-RPC request in the body. */
  id?: RequestId;
  /** The ids of the requests in a JSON-RPC array, instead of `id`. */
  ids?: readonly RequestId[];
  /** For a GET that may open an event stream: milliseconds to wait for its first event. */
  patienceMs?: number;
}

export interface ProbeResult {
  exchange: Exchange;
  /** Unmasked. Undefined when no answer came. An event stream has no text, only the reply or the event. */
  answer: { status: number; headers: Record<string, string>; text: string } | undefined;
  reply: McpReply;
  result?: Record<string, unknown>;
  /** The replies to an array, as many as came. `reply` is the first of them. */
  replies?: McpReply[];
  /** A JSON-RPC error with its data, unmasked. */
  detail?: string;
  /** The first event of a stream that a GET opened. */
  event?: ServerSentEvent;
}

export interface Prober {
  /**
   * Sends the request and reads its answer; once more after a 429 with a short `Retry-After`.
   *
   * @returns undefined when it was not sent; `omitted` then has the reason
   */
  probe: (probe: Probe) => Promise<ProbeResult | undefined>;
  /** A GET without credentials. An event stream is closed at once. */
  get: (purpose: string, url: URL, accept: string, more?: Partial<Probe>) => Promise<ProbeResult | undefined>;
  /** Like `probe`, but an event stream stays open until `leave`. */
  hold: (probe: Probe) => Promise<(ProbeResult & { leave: () => void }) | undefined>;
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
    const result = await read(opened, probe, keepOpen);
    const reply = masked(result.reply, masker);
    const replies = result.replies?.map((one) => masked(one, masker));
    return { ...result, reply, ...(replies === undefined ? {} : { replies }), leave: opened.leave };
  };

  const hold = async (probe: Probe, keepOpen = true) => {
    try {
      let result = await once(probe, keepOpen);
      let again = gate.waits();
      while (result.answer?.status === 429 && again && gate.stopped() === undefined) {
        result.leave();
        await gate.ready();
        result = await once({ ...probe, purpose: `${probe.purpose}, again after the wait` }, keepOpen);
        again = gate.patient;
      }
      return result;
    } catch (error) {
      if (!(error instanceof Withheld)) throw error;
      omit(probe.purpose, error.message);
      return undefined;
    }
  };

  return {
    hold,
    probe: (probe) => hold(probe, false),
    get: (purpose, url, accept, more) => {
      const headers = { accept };
      return hold(
        { purpose, method: 'GET', url, credential: 'none', headers, patienceMs: 0, ...more },
        false,
      );
    },
    omit,
    omitted,
  };
}

function masked(reply: McpReply, masker: Masker): McpReply {
  if (reply.kind !== 'error') return reply;
  return { ...reply, message: masker.line(reply.message) };
}

async function read(opened: Opened, probe: Probe, keepOpen: boolean): Promise<ProbeResult> {
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
  const readReplies = (json: string) => {
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
      if (!stream) for (const { data } of complete) readReplies(data);
      if (found.size === ids.length || (stream && event !== undefined)) {
        held = keepOpen && stream;
        break;
      }
    }
  } catch {
    // The exchange records how the body ended.
  } finally {
    clearTimeout(patience);
    if (!held) opened.leave();
  }

  const base = { exchange, answer: { ...answer, text } };
  if (stream) return { ...base, reply: { kind: 'stream' }, ...(event === undefined ? {} : { event }) };
  if (!streaming && answer.status === 202) return { ...base, reply: { kind: 'accepted' } };
  if (!streaming) readReplies(text);
  const replies = [...found.values()];
  return {
    ...base,
    ...(replies[0] ?? { reply: { kind: 'other' } }),
    ...(probe.ids && { replies: replies.map(({ reply }) => reply) }),
  };
}
