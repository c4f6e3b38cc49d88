import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A bare connection, for what no HTTP client sends. Resets are not an error here. */
export async function dial(origin: string): Promise<Socket> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Resolves with what `socket` has received so far, once that matches. */
export function received(socket: Socket, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve(text);
    });
    socket.once('close', () => reject(new Error(`closed before ${pattern}: ${text.slice(0, 500)}`)));
  });
}

/** A tools/call of the 2025 revisions as fetch options. */
export function toolCall(token: string, city: string, meta?: Record<string, unknown>): RequestInit {
  const params = { name: 'get_weather', arguments: { city }, ...(meta !== undefined && { _meta: meta }) };
  return message(token, { jsonrpc: '2.0', id: 1, method: 'tools/call', params });
}

/** Any message as fetch options. */
export function message(token: string, body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(body),
  };
}

/** A `subscriptions/listen` of revision 2026-07-28 as fetch options. */
export function subscription(token: string, id: number): RequestInit {
  const revision = '2026-07-28';
  const method = 'subscriptions/listen';
  const init = message(token, {
    jsonrpc: '2.0',
    id,
    method,
    params: {
      notifications: { toolsListChanged: true },
      _meta: {
        'io.modelcontextprotocol/protocolVersion': revision,
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  });
  return { ...init, headers: { ...init.headers, 'mcp-protocol-version': revision, 'mcp-method': method } };
}
