import {
  isLegacyRequest,
  type McpHttpHandler,
  type McpServer,
  type McpServerFactory,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

/**
 * The same handler, which answers requests of the 2025 revisions with a JSON body wherever a stream could carry nothing but
 * that answer. Both are allowed ("Sending Messages to the Server" in those revisions), and a stream costs about a fifth of
 * all the work of a call. Requests of revision 2026-07-28 are answered like this by the SDK itself.
 *
 * What stays with the SDK's stream: requests that ask for progress, and all of a server that may send log messages.
 * `onRefused` is told why when the SDK refuses a message.
 */
export function answerPlainly(
  handler: McpHttpHandler,
  createServer: () => McpServer,
  onRefused: (error: Error) => void,
): McpHttpHandler {
  if (createServer().server.getCapabilities().logging !== undefined) return handler;
  const factory: McpServerFactory = createServer;

  const fetch: McpHttpHandler['fetch'] = async (request, options = {}) => {
    const { parsedBody, authInfo } = options;
    if (!isPlain(parsedBody) || !(await isLegacyRequest(request, parsedBody))) {
      return handler.fetch(request, options);
    }
    const identity = authInfo === undefined ? {} : { authInfo };
    const server = await factory({ era: 'legacy', requestInfo: request, ...identity });
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    transport.onerror = onRefused;
    await server.connect(transport);
    const left = new Promise<Response>((resolve) => {
      // Closing cancels the call. Nobody is there to see the status; it is the usual one for that in logs.
      request.signal.addEventListener('abort', () => resolve(new Response(null, { status: 499 })), {
        once: true,
      });
    });
    try {
      return await Promise.race([transport.handleRequest(request, { parsedBody, ...identity }), left]);
    } finally {
      await server.close();
    }
  };
  return { ...handler, fetch };
}

/** A single request that expects an answer and neither claims revision 2026-07-28 nor asks for progress, both in `_meta`. */
function isPlain(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const { id, method, params } = body as { id?: unknown; method?: unknown; params?: unknown };
  if (id === undefined || typeof method !== 'string') return false;
  return (params as { _meta?: unknown } | null | undefined)?._meta === undefined;
}
