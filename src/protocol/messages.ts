import type { Era } from '../evidence/wire.ts';
import { legacyRevision, modernRevision } from './revisions.ts';

export interface Message {
  id: number;
  headers: Record<string, string>;
  body: string;
}

export interface Session {
  /** `Mcp-Session-Id` of the `initialize` response. Undefined: the server has no sessions. */
  id: string | undefined;
  revision: string;
}

/** Accepts both forms of responses (Streamable HTTP, "Sending Messages"). */
export const postHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

export const streamHeaders = { accept: 'text/event-stream' };

/** Creates the JSON-RPC requests of probes, in the form of either era. */
export function createMessages(clientVersion: string) {
  let lastId = 1000;
  const clientInfo = { name: 'mcp-prod', version: clientVersion };

  const message = (
    method: string,
    params: Record<string, unknown>,
    headers: Record<string, string>,
  ): Message => {
    const id = ++lastId;
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    return { id, headers: { ...postHeaders, ...headers }, body };
  };

  /** A request of the modern era carries its version in `_meta` and in a header (2026-07-28, "Request Metadata"). */
  const modern = (method: string, revision = modernRevision, params: Record<string, unknown> = {}) => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': revision,
      'io.modelcontextprotocol/clientInfo': clientInfo,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    return message(method, { ...params, _meta }, { 'mcp-protocol-version': revision, 'mcp-method': method });
  };

  /** A request of the legacy era names session and revision in headers (2025-11-25, "Session Management"). */
  const legacy = (method: string, session?: Session, params: Record<string, unknown> = {}) =>
    message(method, params, sessionHeaders(session));

  return {
    initialize: (params: Record<string, unknown> = {}) => {
      const defaults = { protocolVersion: legacyRevision, capabilities: {}, clientInfo };
      return legacy('initialize', undefined, { ...defaults, ...params });
    },
    /** A notification: it has no id and gets no response. */
    initialized: (session: Session) => ({
      headers: { ...postHeaders, ...sessionHeaders(session) },
      body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    }),
    modern,
    legacy,
    /** Several requests in a JSON-RPC array, with the headers of the first. */
    array: (messages: readonly Message[]) => ({
      ids: messages.map(({ id }) => id),
      headers: messages[0]?.headers ?? postHeaders,
      body: `[${messages.map(({ body }) => body).join(',')}]`,
    }),
    /** A tool call in the form of that era. The modern one also names the tool in a header. */
    callTool: (era: Era, name: string, args: Record<string, unknown>, session?: Session) => {
      const params = { name, arguments: args };
      if (era === 'legacy') return legacy('tools/call', session, params);
      const call = modern('tools/call', modernRevision, params);
      return { ...call, headers: { ...call.headers, 'mcp-name': headerValue(name) } };
    },
    /** A request in the form of that era. */
    inEra: (era: Era, method: string, session?: Session) =>
      era === 'modern' ? modern(method) : legacy(method, session),
  };
}

/** Base64 for a value that is not plain header text (2026-07-28, "Standard Headers"). */
function headerValue(text: string): string {
  const plain = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text) && !text.startsWith('=?base64?');
  return plain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

export type Messages = ReturnType<typeof createMessages>;

/** The headers of every request in an open session. */
export function sessionHeaders(session: Session | undefined): Record<string, string> {
  if (session === undefined) return {};
  return {
    'mcp-protocol-version': session.revision,
    ...(session.id === undefined ? {} : { 'mcp-session-id': session.id }),
  };
}
