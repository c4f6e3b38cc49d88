import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type ConnectOptions, connectOver, type LabClient } from './client.ts';
import { createFetch, type LabFetch } from './fetch.ts';

export interface ClientOptions extends ConnectOptions {
  url: URL;
  /** The bearer token. */
  token?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  /** As behind a load balancer. It also avoids reusing an idle connection while the server closes it. */
  connectionPerRequest?: boolean;
}

/**
 * Connects the official client in the server's era, over Streamable HTTP, and lists the tools.
 *
 * @throws ConnectionRefused with the reason, masked
 */
export function connectClient(options: ClientOptions): Promise<LabClient> {
  const { url, token, timeoutMs, connectionPerRequest = false } = options;
  const credential = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const http = createFetch({ ...credential, ...options.headers }, connectionPerRequest);
  const transport = new StreamableHTTPClientTransport(url, { fetch: withOneStandingStream(http.fetch) });
  rejectLostResponses(transport);
  const leave = async () => {
    // A server that hangs is not given long.
    const leaving = transport.terminateSession().catch(() => {});
    await Promise.race([leaving, new Promise((resolve) => setTimeout(resolve, 500))]);
  };
  const negotiation = { mode: 'auto', probe: { timeoutMs, maxRetries: 0 } } as const;
  const { withHeaders, close } = http;
  return connectOver({ url, transport, negotiation, withHeaders, leave, close }, options);
}

/**
 * Keeps the client from reopening the GET stream after the server has ended it: a draining server would have to wait for it.
 * Resumed streams are not affected.
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

/** Without this, the official client waits until the timeout for a response whose stream has ended. */
function rejectLostResponses(transport: StreamableHTTPClientTransport): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    const isRequest = !Array.isArray(message) && 'method' in message && 'id' in message;
    if (!isRequest) return send(message, options);
    // The client only needs the failure. After the response, a failure is ignored.
    return new Promise((_sent, reject) => {
      const onRequestStreamEnd = () => {
        options?.onRequestStreamEnd?.();
        // A response at the end of the stream is handled first.
        setImmediate(reject, new Error('the stream ended before the response'));
      };
      send(message, { ...options, onRequestStreamEnd }).catch(reject);
    });
  };
}
