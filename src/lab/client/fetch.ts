import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent, fetch } from 'undici';
import { createDepthGauge } from '../../protocol/bounded-json.ts';

export interface LabFetch {
  /** As the official client takes it. */
  fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** Adds headers to the requests of a call. */
  withHeaders: <T>(headers: Record<string, string>, work: () => Promise<T>) => Promise<T>;
  /** Closes every connection at once. */
  close: () => Promise<void>;
}

/** Of one response. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * Fetch with connections of its own. Redirects are errors, so that credentials stay with the server. Callers set time limits.
 *
 * @param headers of every request
 */
export function createFetch(
  headers: Readonly<Record<string, string>>,
  connectionPerRequest: boolean,
): LabFetch {
  const dispatcher = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    // In undici, 0 opens a connection for each request.
    ...(connectionPerRequest && { pipelining: 0 }),
  });
  const callHeaders = new AsyncLocalStorage<Record<string, string>>();
  const send: LabFetch['fetch'] = async (url, init = {}) => {
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries({ ...headers, ...callHeaders.getStore() }))
      all.set(name, value);
    // The types of undici and of the platform differ in names only.
    const answer = (await fetch(url, {
      ...(init as object),
      headers: Object.fromEntries(all),
      redirect: 'error',
      dispatcher,
    })) as unknown as Response;
    if (answer.body === null) return answer;
    return new Response(answer.body.pipeThrough(bounded()), {
      status: answer.status,
      statusText: answer.statusText,
      headers: answer.headers,
    });
  };
  return {
    fetch: send,
    // On Node 20, an active AsyncLocalStorage slows down every promise of the process.
    withHeaders: (extra, work) => (Object.keys(extra).length === 0 ? work() : callHeaders.run(extra, work)),
    close: () => {
      callHeaders.disable();
      return dispatcher.destroy();
    },
  };
}

/** Rejects responses that are too long, or nested so deeply that they overflow the stack of the official client. */
function bounded(): TransformStream<Uint8Array, Uint8Array> {
  const isTooDeep = createDepthGauge();
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      // Brackets are ASCII in every encoding of JSON.
      const piece = Buffer.from(chunk).toString('latin1');
      if (bytes > maxBodyBytes) {
        controller.error(new Error(`The response is longer than ${maxBodyBytes} bytes.`));
      } else if (isTooDeep(piece)) controller.error(new Error('The response nests too deep.'));
      else controller.enqueue(chunk);
    },
  });
}
