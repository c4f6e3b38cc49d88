import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** `subscriptions/listen` of revision 2026-07-28, or the HTTP+SSE transport of 2024-11-05. */
export type StreamKind = 'listen' | 'sse';

export interface OpenStreams {
  /** Resolves with how many were ended by the server with a complete answer, once none is open any more. */
  ended: Promise<number>;
  /** Cuts those that are still open. */
  destroy: () => void;
}

const atOnce = 20;
// What the server asks for in Retry-After when the machine is too busy for it.
const busyMs = 1_000;

/**
 * Opens streams over plain sockets, which cost this process little, and resolves when the server has confirmed them all.
 *
 * @throws Error with what came back when it was something else
 */
export async function openStreams(
  { origin, token, kind }: { origin: string; token: string; kind: StreamKind },
  count: number,
): Promise<OpenStreams> {
  const { hostname, port } = new URL(origin);
  const request = requestFor(kind, hostname, token);
  const sockets: Socket[] = [];
  const ends: Array<Promise<boolean>> = [];

  const openOne = async (): Promise<void> => {
    const opened = await attempt(hostname, Number(port), request, confirmation[kind]);
    if (opened === 'busy') {
      await delay(busyMs);
      return openOne();
    }
    sockets.push(opened.socket);
    ends.push(opened.complete);
  };

  // The first request to a new server takes far longer than the others.
  await openOne();
  for (let opened = 1; opened < count; opened += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - opened) }, openOne));
  }
  return {
    ended: Promise.all(ends).then((complete) => complete.filter(Boolean).length),
    destroy: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface Opened {
  socket: Socket;
  /** Resolves when the connection is over: whether the answer was complete. */
  complete: Promise<boolean>;
}

function attempt(host: string, port: number, request: string, awaited: string): Promise<Opened | 'busy'> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host).setEncoding('latin1');
    let opened = false;
    let head = '';
    // A chunked answer is complete when it ends with an empty chunk.
    let tail = '';
    const complete = new Promise<boolean>((over) =>
      socket.once('close', () => over(tail.endsWith('0\r\n\r\n'))),
    );
    socket.on('data', (text: string) => {
      tail = (tail + text).slice(-5);
      if (opened) return;
      head += text;
      if (!head.includes(awaited)) return;
      opened = true;
      head = '';
      resolve({ socket, complete });
    });
    socket.on('error', reject);
    socket.once('close', () => {
      if (head.startsWith('HTTP/1.1 503')) resolve('busy');
      else reject(new Error(`the stream was not opened: ${head.slice(0, 400)}`));
    });
    socket.write(request);
  });
}

const confirmation: Record<StreamKind, string> = {
  listen: 'notifications/subscriptions/acknowledged',
  sse: 'event: endpoint',
};

function requestFor(kind: StreamKind, host: string, token: string): string {
  const lines = [`Host: ${host}`, `Authorization: Bearer ${token}`, 'Connection: close'];
  if (kind === 'sse') {
    return ['GET /sse HTTP/1.1', ...lines, 'Accept: text/event-stream', '', ''].join('\r\n');
  }
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'subscriptions/listen',
    params: {
      notifications: { toolsListChanged: true },
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'streams', version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  });
  return [
    'POST /mcp HTTP/1.1',
    ...lines,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    'MCP-Protocol-Version: 2026-07-28',
    'Mcp-Method: subscriptions/listen',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
