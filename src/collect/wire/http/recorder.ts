import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Answer, Exchange, FailureReason } from '../../../evidence/exchange.ts';
import { describeFailure } from '../../../protocol/failures.ts';
import type { Masker } from '../../../text/masking.ts';
import { decoded, maxBodyBytes, upTo } from './bounded-body.ts';
import type { Connection } from './connection.ts';
import { recordAnswer, recordSent } from './exchange-record.ts';
import type { Gate } from './gate.ts';
import type { Identity, SentCredential } from './identity.ts';
import type { OtherOrigins } from './other-origins.ts';
import { request as send } from './undici.ts';

/** One request to be sent and recorded. */
export interface Request {
  /** What the request tests, for a reader. */
  purpose: string;
  method: string;
  url: URL;
  credential: SentCredential;
  /** Override the user's plain headers. Lower-case names. */
  headers?: Record<string, string>;
  /** `stream` creates the body for each sending. The record has `description` instead. */
  body?: string | { stream: () => Readable; bytes: number; description: string };
  /** Another origin may serve it. The request then carries nothing of the user. */
  publicDocument?: true;
  /** Milliseconds for the whole answer. Default: the run's. */
  timeoutMs?: number;
  /** An event stream may stay open, without a timeout, until `leave`. */
  untimedStream?: boolean;
  /** Decides when the request is sent, and learns of a 429. Default: the run's. */
  gate?: Gate;
  /** Default: the run's. */
  connection?: Connection;
}

/** An answer with an unread body, or a failure. */
export interface Opened {
  exchange: Exchange;
  /** The answer's status and unmasked headers (lower-case names); undefined when no answer came. */
  answer: { status: number; headers: Record<string, string> } | undefined;
  /** The decoded body; reading records it. Throws when the body ends early or the time is up. */
  body: AsyncIterable<Uint8Array>;
  /** Ends the exchange. The record of an unfinished body is `open`. */
  leave: () => void;
}

/**
 * Sends every request of the pass and records it with its outcome. Only requests for public documents leave the target's origin.
 */
export interface Recorder {
  /** In the order of sending. Outcomes follow as they come. */
  exchanges: Exchange[];
  /**
   * Records a failure of the server as the outcome.
   *
   * @throws Withheld when the gate is closed, or the reason of the user's interrupt
   */
  open: (request: Request, signal?: AbortSignal | null) => Promise<Opened>;
  /** Limits every later answer to this share of the run's milliseconds, for a server that leaves requests unanswered. */
  shortenTimeouts: (share: number) => void;
  /** Ends every open exchange. */
  close: () => void;
}

interface RecorderOptions {
  target: URL;
  identity: Identity;
  masker: Masker;
  gate: Gate;
  connection: Connection;
  otherOrigins: OtherOrigins;
  timeoutMs: number;
  userAgent: string;
  signal: AbortSignal;
}

type Ending = 'timeout' | 'budget' | 'left';

/** Creates the recorder of one pass. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { identity, masker } = options;
  const exchanges: Exchange[] = [];
  const unfinished = new Set<() => void>();
  let share = 1;

  const open = async (request: Request, signal?: AbortSignal | null): Promise<Opened> => {
    const { body } = request;
    const gate = request.gate ?? options.gate;
    await gate.ready();
    options.signal.throwIfAborted();
    const foreign = request.url.origin !== options.target.origin;
    const credential = foreign ? 'none' : identity.carried(request.credential);
    const url = identity.url(request.url, credential);
    const headers: Record<string, string> = {
      'user-agent': options.userAgent,
      accept: '*/*',
      ...(foreign ? {} : identity.headers(credential)),
      ...request.headers,
    };
    const sent = { ...request, url, headers, credential };
    const exchange = recordSent(masker, `x${exchanges.length + 1}`, sent);
    exchanges.push(exchange);

    const startedAt = performance.now();
    const controller = new AbortController();
    const listening = new AbortController();
    let ending: Ending | undefined;
    const stop = (why: Ending) => {
      ending ??= why;
      controller.abort();
    };
    const stopOn = (by: AbortSignal | null | undefined, why: Ending) =>
      by?.addEventListener('abort', () => stop(why), { signal: listening.signal });
    const longestMs = Math.round(share * options.timeoutMs);
    const timeoutMs = Math.min(request.timeoutMs ?? longestMs, longestMs);
    const timer = setTimeout(() => stop('timeout'), timeoutMs);
    stopOn(gate.budget, 'budget');
    stopOn(options.signal, 'left');
    stopOn(signal, 'left');
    const messages = {
      timeout: `The server did not answer within ${timeoutMs} ms.`,
      budget: 'The budget was spent before the server answered.',
      left: 'The audit closed the request before the server answered.',
    };
    // Records the outcome when the audit ends before the answer does.
    let conclude = () => {
      failed('timeout', messages.left);
    };
    const abandon = () => {
      stop('left');
      conclude();
    };
    unfinished.add(abandon);
    const finish = () => {
      if (listening.signal.aborted) return;
      listening.abort();
      unfinished.delete(abandon);
      exchange.durationMs = Math.round(performance.now() - startedAt);
      clearTimeout(timer);
    };
    const failed = (reason: FailureReason, message: string): Opened => {
      exchange.outcome = { kind: 'failure', reason, message: masker.line(message) };
      finish();
      return { exchange, answer: undefined, body: nothing(), leave: () => {} };
    };

    if (foreign && !request.publicDocument) {
      return failed('blocked', `${url.origin} is not the target's origin. No request was sent there.`);
    }
    if (signal?.aborted) stop('left');
    let response: Dispatcher.ResponseData;
    try {
      const route = foreign
        ? await unlessAborted(options.otherOrigins.route(url), controller.signal)
        : (request.connection ?? options.connection);
      if ('refused' in route) return failed('blocked', route.refused);
      response = await send(url, {
        dispatcher: route.dispatcher,
        method: request.method as Dispatcher.HttpMethod,
        headers: { ...headers, ...(typeof body === 'object' && { 'content-length': String(body.bytes) }) },
        body: typeof body === 'object' ? body.stream() : (body ?? null),
        signal: controller.signal,
        // If the server closed a reused connection meanwhile, that would look like its failure.
        reset: true,
      });
    } catch (error) {
      if (ending) return failed(ending === 'budget' ? 'budget' : 'timeout', messages[ending]);
      const { reason, message } = describeFailure(error);
      return failed(reason, message);
    }

    // The reader below handles errors; without a listener, a late one would end the process.
    response.body.on('error', () => {});
    const received = joined(response.headers);
    if (!foreign) gate.answered(response.statusCode, received);
    const record = recordAnswer(masker, exchange, sent, response.statusCode, received);
    if (request.untimedStream && isEventStream(received)) clearTimeout(timer);

    const close = (bodyEnd: Answer['bodyEnd']) => {
      if (listening.signal.aborted) return;
      finish();
      record.end(bodyEnd);
      response.body.destroy();
    };

    conclude = () => close('open');

    async function* read(): AsyncGenerator<Uint8Array> {
      try {
        const chunks = upTo(maxBodyBytes, decoded(response.body, received['content-encoding']));
        for (;;) {
          const chunk = await chunks.next();
          if (chunk.done) return close(chunk.value ? 'cut' : 'complete');
          record.add(chunk.value);
          yield chunk.value;
        }
      } catch (error) {
        if (ending === undefined) close('broken');
        else close(ending === 'left' ? 'open' : 'cut');
        throw error;
      } finally {
        close('open');
      }
    }

    return {
      exchange,
      answer: { status: response.statusCode, headers: received },
      body: read(),
      leave: abandon,
    };
  };

  const close = () => {
    for (const abandon of [...unfinished]) abandon();
  };
  const shortenTimeouts = (to: number) => {
    share = to;
  };
  return { exchanges, open, shortenTimeouts, close };
}

/** Whether an answer is an event stream (HTML living standard, section 9.2). */
export function isEventStream(headers: Record<string, string>): boolean {
  return /^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '');
}

function joined(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** The promise, or a rejection at the abort: a name lookup cannot be cancelled. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    promise.finally(() => signal.removeEventListener('abort', giveUp)).then(resolve, reject);
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
