import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { TestServer } from './server.ts';

/** A bare connection to the server, for what no HTTP client sends. */
export async function connection(server: TestServer): Promise<Socket> {
  const socket = dial(Number(new URL(server.url).port), '127.0.0.1');
  // A reset by the server is not what these tests look at.
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends `bytes` and reads until the server ends the connection. */
export async function exchange(server: TestServer, bytes: string): Promise<RawAnswer> {
  const socket = await connection(server);
  socket.write(bytes);
  return parse(await text(socket));
}

/** Sends requests at once on one connection, and returns the answers in their order. */
export async function sendAll(server: TestServer, requests: readonly string[]): Promise<string[]> {
  const socket = await connection(server);
  socket.write(requests.join(''));
  let read = '';
  for await (const bytes of socket) {
    read += bytes;
    const answers = read.split(/(?=HTTP\/1\.1 \d{3} )/);
    if (answers.length === requests.length) return answers;
  }
  return [read];
}

export function parse(answer: string): RawAnswer {
  const [head = '', ...body] = answer.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    ),
    body: body.join('\r\n\r\n'),
  };
}
