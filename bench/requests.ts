/** The two ways to speak Streamable HTTP: the 2025 revisions, and 2026-07-28 with its per-request metadata. */
export const eras = ['2025', '2026'] as const;
export type Era = (typeof eras)[number];

export interface PreparedRequest {
  headers: Record<string, string>;
  body: string;
}

const plainHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/**
 * One request, ready to be sent again and again. A 2025-era call comes without an `initialize` of its own, as it does
 * from a client that a load balancer has moved to another instance.
 */
export function prepare(
  era: Era,
  method: string,
  params: Record<string, unknown>,
  token?: string,
): PreparedRequest {
  const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  if (era === '2025') {
    return {
      headers: { ...plainHeaders, ...authorization, 'mcp-protocol-version': '2025-11-25' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    };
  }
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const name = typeof params.name === 'string' ? { 'mcp-name': params.name } : undefined;
  return {
    headers: {
      ...plainHeaders,
      ...authorization,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
  };
}

/** The call that is measured. */
export const callWeather = (era: Era, token?: string) =>
  prepare(era, 'tools/call', { name: 'get_weather', arguments: { city: 'London' } }, token);

/** What a new server is asked first. */
export const listTools = (token?: string) => prepare('2025', 'tools/list', {}, token);

/** The JSON-RPC message in a body, which is JSON or a stream of one event. */
export function messageIn(body: string): unknown {
  const data = /^data: ?(\{.*)$/m.exec(body)?.[1];
  return JSON.parse(data ?? body);
}
