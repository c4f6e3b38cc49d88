import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type ConnectOptions, connectOver, type LabClient } from './client.ts';
import { createFetch, type LabFetch } from './fetch.ts';

export interface ClientOptions extends ConnectOptions {
  url: URL;
  /** The bearer token. */
  token?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  localAddress?: string;
  /** As in `FetchOptions`. */
  connectionPerRequest?: boolean;
}

/**
 * Connects the official client in the server's era, over Streamable HTTP, and lists the tools.
 *
 * @throws Error saying, masked, why it did not come about
 */
export function connectClient(options: ClientOptions): Promise<LabClient> {
  const { url, token, timeoutMs } = options;
  const http = createFetch({
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...options.headers },
    ...(options.localAddress !== undefined && { localAddress: options.localAddress }),
    ...(options.connectionPerRequest && { connectionPerRequest: true }),
  });
  const transport = new StreamableHTTPClientTransport(url, { fetch: withOneStandingStream(http.fetch) });
  tellOfLostAnswers(transport);
  const leave = async () => {
    // A server that does not answer any more is not asked for long.
    const leaving = transport.terminateSession().catch(() => {});
    await Promise.race([leaving, new Promise((resolve) => setTimeout(resolve, 500))]);
  };
  const negotiation = { mode: 'auto', probe: { timeoutMs, maxRetries: 0 } } as const;
  const { withHeaders, close } = http;
  return connectOver({ url, transport, negotiation, withHeaders, leave, close }, options);
}

/**
 * The client resumes a stream that broke off before it brought the response. The stream for what nobody asked for is not
 * opened anew when the server has ended it: a server that drains would have it to wait for.
 */
function withOneStandingStream(fetch: LabFetch['fetch']): LabFetch['fetch'] {
  let opened = false;
  return async (url, init = {}) => {
    const standing = init.method === 'GET' && !new Headers(init.headers).has('last-event-id');
    if (standing && opened) return new Response(null, { status: 405 });
    opened ||= standing;
    return fetch(url, init);
  };
}

/**
 * The official client waits for a response until its time is up, also where the stream that was to bring it is over and
 * cannot be resumed. Told that the request failed, it gives up at once, and the record says when that was.
 */
function tellOfLostAnswers(transport: StreamableHTTPClientTransport): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    const isRequest = !Array.isArray(message) && 'method' in message && 'id' in message;
    if (!isRequest) return send(message, options);
    // Nobody waits for this but for its failure, and after the response that means nothing.
    return new Promise((_sent, reject) => {
      const onRequestStreamEnd = () => {
        options?.onRequestStreamEnd?.();
        // A response that came at the end of the stream is handled first.
        setImmediate(reject, new Error('the stream ended before the response'));
      };
      send(message, { ...options, onRequestStreamEnd }).catch(reject);
    });
  };
}
