import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf } from './stand-in-answers.ts';

/**
 * How requests are treated: `answer` well; `fail` with 500; `busy`: 429, with `retryAfter` in it; `gone`: 503; `hold` until
 * `release()`; `drip`: one byte after the other for ever; `reset`: cut the connection in the middle of the body;
 * `hang-up`: close the connection without a word; a number: that status, with a long page.
 */
export type Mode = 'answer' | 'fail' | 'busy' | 'gone' | 'hold' | 'drip' | 'reset' | 'hang-up' | number;

export interface StandIn {
  url: string;
  /** Path and query of every request so far. */
  requests: URL[];
  mode: Mode;
  /** For the next requests, one each; then `mode` applies. */
  next: Mode[];
  retryAfter: string | undefined;
  /** Answers what is held, and from then on everything. */
  release(): void;
  /** The highest number of connections that were open at once. */
  mostConnections: number;
  /** Closes what is idle, as servers do after a while. */
  closeConnections(): void;
  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

/** More than a connection's buffers hold. */
const page = 'x'.repeat(200_000);

/** Stands in for the weather service on loopback: tests need neither the internet nor a key. */
export async function startStandIn(): Promise<StandIn> {
  let held: Array<() => void> = [];
  let arrived: Array<() => void> = [];

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    standIn.requests.push(url);
    const good = () => {
      const { status, body } = answerOf(url);
      send(response, status, body);
    };
    const treatments: Record<Exclude<Mode, number>, () => void> = {
      answer: good,
      fail: () => send(response, 500, '{}'),
      busy: () => send(response, 429, '{}', standIn.retryAfter),
      gone: () => send(response, 503, '{}', standIn.retryAfter),
      hold: () => void held.push(good),
      drip: () => drip(response),
      reset: () =>
        response.writeHead(200, { 'content-length': 100 }).write('{', () => request.socket.destroy()),
      'hang-up': () => request.socket.destroy(),
    };
    const mode = standIn.next.shift() ?? standIn.mode;
    if (typeof mode === 'number') send(response, mode, page);
    else treatments[mode]();
    for (const resolve of arrived) resolve();
    arrived = [];
  });
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    standIn.mostConnections = Math.max(standIn.mostConnections, connections);
    socket.once('close', () => {
      connections -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    mode: 'answer',
    next: [],
    retryAfter: undefined,
    mostConnections: 0,
    closeConnections: () => server.closeIdleConnections(),
    release: () => {
      standIn.mode = 'answer';
      for (const good of held) good();
      held = [];
    },
    nextRequest: () => new Promise((resolve) => arrived.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return standIn;
}

function send(response: ServerResponse, status: number, body: string, retryAfter?: string): void {
  const headers = { 'content-type': 'application/json', ...(retryAfter && { 'retry-after': retryAfter }) };
  response.writeHead(status, headers).end(body);
}

function drip(response: ServerResponse): void {
  response.writeHead(200).write('{');
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}
