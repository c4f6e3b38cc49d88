import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf } from './stand-in-answers.ts';

export interface StandIn {
  url: string;
  /** Path and query of every request so far. */
  requests: URL[];
  /** `hold` keeps requests waiting until `release()`. */
  mode: 'answer' | 'fail' | 'hold' | 'drip';
  release(): void;
  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

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
    if (standIn.mode === 'answer') good();
    else if (standIn.mode === 'fail') send(response, 500, '{}');
    else if (standIn.mode === 'hold') held.push(good);
    else response.writeHead(200).write('{');
    for (const resolve of arrived) resolve();
    arrived = [];
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    mode: 'answer',
    release: () => {
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

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
