import type { Credential } from '../../../evidence/exchange.ts';
import { createDepthGauge } from '../../../protocol/bounded-json.ts';
import type { Gate } from '../http/gate.ts';
import { isEventStream, type Opened, type Recorder } from '../http/recorder.ts';
import type { Activity } from './activity.ts';

// Node loads these classes at their first use; here, before a client's timeout starts.
const { Headers, Response } = globalThis;

export type ClientFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** More than a client needs to connect and list tools, and a bound for redirect loops. */
const maxRequests = 24;
/** Events of one stream that a client reads: more than come before a response, and a bound for endless streams. */
const maxEvents = 500;

/**
 * A fetch for the official clients that records every request. The clients follow redirects within the origin themselves, so
 * each redirect is a request of its own.
 *
 * @param ids receives the id of every exchange
 * @param label begins the purpose of every exchange
 * @param activity notes when a request begins and when its answer ends
 * @param gate a patient one makes it repeat a request that got 429
 */
export function createClientFetch(
  recorder: Recorder,
  credential: Credential,
  label: string,
  ids: string[],
  activity: Activity,
  gate: Gate,
): ClientFetch {
  return async (input, init = {}) => {
    if (ids.length >= maxRequests) throw new Error(`The client sent more than ${maxRequests} requests.`);
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? init.body : undefined;
    const done = activity.begin();
    const request = {
      purpose: `${label}: ${rpcMethod(body) ?? method}`,
      method,
      url: new URL(input),
      credential,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(body === undefined ? {} : { body }),
      untimedStream: method === 'GET',
    };
    const open = async () => {
      const opened = await recorder.open(request, init.signal);
      ids.push(opened.exchange.id);
      return opened;
    };
    let opened: Opened;
    try {
      opened = await open();
      while (opened.answer?.status === 429 && gate.patient && gate.stopped() === undefined) {
        opened.leave();
        opened = await open();
      }
    } catch (error) {
      done();
      throw error;
    }
    const { outcome } = opened.exchange;
    if (outcome.kind === 'failure') {
      done();
      init.signal?.throwIfAborted();
      throw new Error(outcome.message);
    }
    const response = toResponse(opened, done);
    if (outcome.status !== 429) return response;
    // The current client would take a limit for an older server, and fall back.
    await response.text().catch(() => {});
    throw new Error('The server answered 429.');
  };
}

/**
 * @param done called when the answer ends
 * @throws when a `Response` cannot have the status (Fetch standard, section 5.5: 200 to 599)
 */
function toResponse(opened: Opened, done: () => void): Response {
  const { status, headers } = opened.answer ?? { status: 0, headers: {} };
  const init = { status, headers: acceptableHeaders(headers) };
  const end = () => {
    opened.leave();
    done();
  };
  if (status < 200 || status > 599 || status === 204 || status === 205 || status === 304) {
    end();
    return new Response(null, init);
  }
  const chunks = opened.body[Symbol.asyncIterator]();
  const decoder = new TextDecoder('latin1');
  const isTooDeep = createDepthGauge();
  let events = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const chunk = await chunks.next();
        if (chunk.done !== true) {
          const piece = decoder.decode(chunk.value);
          if (isEventStream(headers)) events += piece.match(eventEnd)?.length ?? 0;
          // The client reports a body that ends early as invalid JSON.
          if (events <= maxEvents && !isTooDeep(piece)) return controller.enqueue(chunk.value);
        }
        end();
        controller.close();
      } catch (error) {
        done();
        throw error;
      }
    },
    cancel: end,
  });
  return new Response(stream, init);
}

/** The empty line after an event (HTML living standard, section 9.2.5). */
const eventEnd = /\r\n\r\n|\n\n|\r\r/g;

/** Without the headers that describe the encoded body, and those that `Headers` refuses. */
function acceptableHeaders(headers: Record<string, string>): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'content-encoding' || name === 'content-length' || name === 'transfer-encoding') continue;
    try {
      result.set(name, value);
    } catch {
      // The exchange records it; no other fetch would give it to the client.
    }
  }
  return result;
}

function rpcMethod(body: string | undefined): string | undefined {
  return /"method"\s*:\s*"([\w/]{1,60})"/.exec(body ?? '')?.[1];
}
