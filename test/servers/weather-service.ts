import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How the stand-in treats a request: `answer` normally, `fail` with 500, `gone`: 503, `busy`: 429, both with `retryAfter`,
 * `hold` it until `release()`, `drip` the headers and then one byte every 100 ms for ever, `reset`: cut the connection in the
 * middle of the body.
 */
export type UpstreamMode = 'answer' | 'fail' | 'gone' | 'busy' | 'hold' | 'drip' | 'reset';

export interface RecordedRequest {
  path: string;
  query: Record<string, string>;
}

export interface Answer {
  status: number;
  body: unknown;
}

export interface WeatherServiceOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  mode?: UpstreamMode;
}

export interface WeatherService {
  /** Base URL without a trailing slash. */
  url: string;
  /** Every request so far, in order of arrival. Empty it with `requests.length = 0`. */
  requests: RecordedRequest[];
  /** May be changed at any time; applies to requests that arrive afterwards. */
  mode: UpstreamMode;
  /** Header of the answers that say "not now". */
  retryAfter: string | undefined;
  /** Resolves when the number of requests received in all has reached `count`. */
  received: (count: number) => Promise<void>;
  /** Answers all held requests. */
  release: () => void;
  /** Closes all connections and refuses new ones until `accept()`. */
  refuse: () => Promise<void>;
  /** Listens again, on the same port. */
  accept: () => Promise<void>;
  close: () => Promise<void>;
}

/** A stand-in for a weather service on loopback, which answers as `answer` says and fails as its mode says. */
export async function startWeatherService(
  answer: (url: URL, method: string) => Answer,
  options: WeatherServiceOptions = {},
): Promise<WeatherService> {
  const requests: RecordedRequest[] = [];
  const held: Array<() => void> = [];
  const waiting: Array<{ count: number; resolve: () => void }> = [];
  let total = 0;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    requests.push({ path: url.pathname, query: Object.fromEntries(url.searchParams) });
    total += 1;
    const reply = () => {
      const { status, body } = answer(url, request.method ?? '');
      send(response, status, body);
    };
    const { mode, retryAfter } = service;
    if (mode === 'answer') reply();
    else if (mode === 'hold') held.push(reply);
    else misbehave(mode, response, retryAfter);
    for (const waiter of waiting) if (total >= waiter.count) waiter.resolve();
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;

  const service: WeatherService = {
    url: `http://127.0.0.1:${port}`,
    requests,
    mode: options.mode ?? 'answer',
    retryAfter: undefined,
    received: (count) =>
      new Promise((resolve) => {
        if (total >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    release: () => {
      for (const reply of held.splice(0)) reply();
    },
    refuse: stop,
    accept: () => listen(port),
    close: stop,
  };
  return service;
}

type Misbehaviour = Exclude<UpstreamMode, 'answer' | 'hold'>;

function misbehave(mode: Misbehaviour, response: ServerResponse, retryAfter: string | undefined): void {
  if (mode === 'drip') drip(response);
  else if (mode === 'reset') reset(response);
  else {
    if (retryAfter !== undefined && mode !== 'fail') response.setHeader('retry-after', retryAfter);
    send(response, { fail: 500, gone: 503, busy: 429 }[mode], { message: 'Not now' });
  }
}

function reset(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
  response.write('{', () => response.socket?.destroy());
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), 100);
  response.on('close', () => clearInterval(timer));
}

/** A temperature in °C that depends on nothing but the name, so that a wrong city cannot pass for the right one. */
export function temperatureOf(city: string): number {
  let sum = 0;
  for (const character of city.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 300;
  return sum / 10;
}

/** Cities that the stand-ins do not know. */
export function isUnknown(city: string): boolean {
  return ['atlantis', 'nowhere', 'unknown'].includes(city.toLowerCase());
}
