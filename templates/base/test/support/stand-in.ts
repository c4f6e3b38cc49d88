import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');
const answers: Record<string, string> = {
  '/data/2.5/weather': fixture('weather'),
  '/data/2.5/forecast': fixture('forecast'),
};

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

/** Stands in for api.openweathermap.org on loopback: tests need neither the internet nor a key. */
export async function startStandIn(): Promise<StandIn> {
  const held: ServerResponse[] = [];
  let arrived: Array<() => void> = [];
  const answer = (response: ServerResponse, status: number, body: string) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    standIn.requests.push(url);
    const body = answers[url.pathname];
    const good = () => {
      if (body === undefined || url.searchParams.get('q') === 'Nowhere')
        answer(response, 404, '{"cod":"404"}');
      else answer(response, 200, body);
    };
    if (standIn.mode === 'answer') good();
    else if (standIn.mode === 'fail') answer(response, 500, '{}');
    else if (standIn.mode === 'hold') held.push(response);
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
      for (const response of held.splice(0)) answer(response, 200, answers['/data/2.5/weather'] ?? '');
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
