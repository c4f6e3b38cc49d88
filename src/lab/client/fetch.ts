import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent, fetch } from 'undici';
import { createDepthGauge } from '../../protocol/bounded-json.ts';

export interface LabFetch {
  /** As the official client takes it. */
  fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** Runs something whose requests carry these headers besides. */
  withHeaders: <T>(headers: Record<string, string>, work: () => Promise<T>) => Promise<T>;
  /** Ends every connection at once. */
  close: () => Promise<void>;
}

export interface FetchOptions {
  /** Go with every request. */
  headers: Readonly<Record<string, string>>;
  /** The address that connections come from: another one is another client to most limiters. */
  localAddress?: string;
  /**
   * No connection is used twice, as behind a balancer that knows none of them. It also spares a call that would be lost
   * because the server closes an idle connection as it is used again.
   */
  connectionPerRequest?: boolean;
}

/** Bytes of one answer that are read. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * Fetch with connections of its own. Redirects are errors, so that no credential goes anywhere else; time is bounded by
 * the caller alone.
 */
export function createFetch({ headers, localAddress, connectionPerRequest = false }: FetchOptions): LabFetch {
  const dispatcher = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    // undici's way to say that each request has a connection of its own.
    ...(connectionPerRequest && { pipelining: 0 }),
    connect: localAddress === undefined ? {} : { localAddress },
  });
  const besides = new AsyncLocalStorage<Record<string, string>>();
  const send: LabFetch['fetch'] = async (url, init = {}) => {
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries({ ...headers, ...besides.getStore() })) all.set(name, value);
    // The types of the library and of the platform differ in names only.
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
    // On Node 20, what follows a call costs every promise of the process.
    withHeaders: (extra, work) => (Object.keys(extra).length === 0 ? work() : besides.run(extra, work)),
    close: () => {
      besides.disable();
      return dispatcher.destroy();
    },
  };
}

/** Passes on what the official client can take: deeper JSON overflows the stack of who walks through it. */
function bounded(): TransformStream<Uint8Array, Uint8Array> {
  const isTooDeep = createDepthGauge();
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      // What nests is ASCII, whatever the encoding of the rest.
      const piece = Buffer.from(chunk).toString('latin1');
      if (bytes > maxBodyBytes) {
        controller.error(new Error(`The response is longer than ${maxBodyBytes} bytes.`));
      } else if (isTooDeep(piece)) controller.error(new Error('The response nests too deep.'));
      else controller.enqueue(chunk);
    },
  });
}
