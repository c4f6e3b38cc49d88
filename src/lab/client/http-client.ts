import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type ConnectOptions, connectOver, type LabClient } from './client.ts';
import { createFetch } from './fetch.ts';

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
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: http.fetch,
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1,
      maxReconnectionDelay: 1,
      reconnectionDelayGrowFactor: 1,
    },
  });
  const leave = async () => {
    // A server that does not answer any more is not asked for long.
    const leaving = transport.terminateSession().catch(() => {});
    await Promise.race([leaving, new Promise((resolve) => setTimeout(resolve, 500))]);
  };
  const negotiation = { mode: 'auto', probe: { timeoutMs, maxRetries: 0 } } as const;
  const { withHeaders, close } = http;
  return connectOver({ url, transport, negotiation, withHeaders, leave, close }, options);
}
