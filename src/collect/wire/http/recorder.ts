import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Answer, Credential, Exchange, FailureReason } from '../../../evidence/exchange.ts';
import { describeFailure } from '../../../protocol/failures.ts';
import type { Masker } from '../../../text/masking.ts';
import { decoded, maxBodyBytes, upTo } from './bounded-body.ts';
import type { Connection } from './connection.ts';
import type { Elsewhere } from './elsewhere.ts';
import { recordAnswer, recordSent } from './exchange-record.ts';
import type { Gate } from './gate.ts';
import type { Identity } from './identity.ts';
import { request as send } from './undici.ts';

/** One request to be sent and recorded. */
export interface Request {
  /** What it is meant to show, for a person. */
  purpose: string;
  method: string;
  url: URL;
  credential: Credential;
  /** Go over the user's plain headers. Lower-case names. */
  headers?: Record<string, string>;
  /** A stream is made anew for each sending; `description` stands for it in the record. */
  body?: string | { stream: () => Readable; bytes: number; description: string };
  /** It may stand at another origin, where it is asked for without anything that the user gave. */
  publicDocument?: true;
  /** Milliseconds for the whole answer; default: the run's. */
  timeoutMs?: number;
  /** An event stream may stay open until it is left: its end is not the end of an answer. */
  untimedStream?: boolean;
  /** Whether and when it goes out, and who hears of a 429; default: the run's gate. */
  gate?: Gate;
  /** What it is sent over; default: the run's connection. */
  connection?: Connection;
}

/** An answer whose body is still to be read, or a failure. */
export interface Opened {
  exchange: Exchange;
  /** The answer's status and unmasked headers (lower-case names); undefined when no answer came. */
  answer: { status: number; headers: Record<string, string> } | undefined;
  /** The decoded body, recorded as it is read. Throws when it breaks off or time is up. */
  body: AsyncIterable<Uint8Array>;
  /** Ends the exchange; a body that is not over is recorded as `open`. */
  leave: () => void;
}

/**
 * Sends requests to the target's origin, and for public documents beyond it, and records each with its outcome. Nothing
 * else sends anything.
 */
export interface Recorder {
  /** In the order of sending; outcomes are filled in as they come. */
  exchanges: Exchange[];
  /**
   * Never rejects for what the server does.
   *
   * @throws Withheld when the gate is closed, or the reason of the user's interrupt
   */
  open: (request: Request, signal?: AbortSignal | null) => Promise<Opened>;
  /**
   * Gives every further answer this share of the run's milliseconds: a server that lets one request after the other wait
   * would otherwise cost the same wait for each.
   */
  hurry: (share: number) => void;
  /** Leaves every answer that is still being read. */
  close: () => void;
}

export interface RecorderOptions {
  target: URL;
  identity: Identity;
  masker: Masker;
  gate: Gate;
  connection: Connection;
  elsewhere: Elsewhere;
  timeoutMs: number;
  userAgent: string;
  signal: AbortSignal;
}

const leftBefore = 'Left before an answer came.';

type Ending = 'timeout' | 'budget' | 'left';

export function createRecorder(options: RecorderOptions): Recorder {
  const { identity, masker } = options;
  const exchanges: Exchange[] = [];
  const unfinished = new Set<() => void>();
  let share = 1;

  const open = async (request: Request, signal?: AbortSignal | null): Promise<Opened> => {
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
    let ending: Ending | undefined;
    let over = false;
    const stop = (why: Ending) => {
      ending ??= why;
      controller.abort();
    };
    const onBudget = () => stop('budget');
    const onLeave = () => stop('left');
    const longestMs = Math.round(share * options.timeoutMs);
    const timeoutMs = Math.min(request.timeoutMs ?? longestMs, longestMs);
    const timer = setTimeout(() => stop('timeout'), timeoutMs);
    gate.budget.addEventListener('abort', onBudget);
    options.signal.addEventListener('abort', onLeave);
    signal?.addEventListener('abort', onLeave);
    // What is recorded when the audit ends before the answer does.
    let conclude = () => {
      exchange.outcome = { kind: 'failure', reason: 'timeout', message: leftBefore };
      finish();
    };
    const abandon = () => {
      stop('left');
      conclude();
    };
    unfinished.add(abandon);
    const finish = () => {
      if (over) return;
      over = true;
      unfinished.delete(abandon);
      exchange.durationMs = Math.round(performance.now() - startedAt);
      clearTimeout(timer);
      gate.budget.removeEventListener('abort', onBudget);
      options.signal.removeEventListener('abort', onLeave);
      signal?.removeEventListener('abort', onLeave);
    };
    const failed = (reason: FailureReason, message: string): Opened => {
      exchange.outcome = { kind: 'failure', reason, message: masker.line(message) };
      finish();
      return { exchange, answer: undefined, body: nothing(), leave: () => {} };
    };

    if (foreign && !request.publicDocument) {
      return failed('blocked', `${url.origin} is not the target's origin, so nothing was sent there.`);
    }
    if (signal?.aborted) stop('left');
    let response: Dispatcher.ResponseData;
    try {
      const way = foreign
        ? await unlessAborted(options.elsewhere.way(url), controller.signal)
        : (request.connection ?? options.connection);
      if ('refused' in way) return failed('blocked', way.refused);
      response = await send(url, {
        dispatcher: way.dispatcher,
        method: request.method as Dispatcher.HttpMethod,
        headers: typeof request.body === 'object' ? withLength(headers, request.body.bytes) : headers,
        body: typeof request.body === 'object' ? request.body.stream() : (request.body ?? null),
        signal: controller.signal,
        // One connection each: a reused one that the server closes meanwhile would look like the server's failure.
        reset: true,
      });
    } catch (error) {
      if (ending === 'timeout') return failed('timeout', `No answer within ${timeoutMs} ms.`);
      if (ending === 'budget') return failed('budget', 'The budget was spent before an answer came.');
      if (ending === 'left') return failed('timeout', leftBefore);
      const failure = describeFailure(error);
      return failed(failure.reason, failure.message);
    }

    // Its end is seen by the reader below; without a listener a late one would end the process.
    response.body.on('error', () => {});
    const received = joined(response.headers);
    if (!foreign) gate.answered(response.statusCode, received);
    const record = recordAnswer(masker, exchange, sent, response.statusCode, received);
    if (request.untimedStream && isEventStream(received)) clearTimeout(timer);

    const close = (bodyEnd: Answer['bodyEnd']) => {
      if (over) return;
      finish();
      record.end(bodyEnd);
      response.body.destroy();
    };

    conclude = () => close('open');

    async function* body(): AsyncGenerator<Uint8Array> {
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
      body: body(),
      leave: abandon,
    };
  };

  const close = () => {
    for (const abandon of [...unfinished]) abandon();
  };
  const hurry = (to: number) => {
    share = to;
  };
  return { exchanges, open, hurry, close };
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

/** What the promise gives, or a rejection at the abort: a name that is being resolved cannot be given up. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    promise.finally(() => signal.removeEventListener('abort', giveUp)).then(resolve, reject);
  });
}

function withLength(headers: Record<string, string>, bytes: number): Record<string, string> {
  return { ...headers, 'content-length': String(bytes) };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
