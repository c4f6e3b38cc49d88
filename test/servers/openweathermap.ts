import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How the stand-in treats a request: `answer` normally, `fail` with 500, `hold` it until `release()`,
 * `drip` the headers and then one byte a second for ever.
 */
export type UpstreamMode = 'answer' | 'fail' | 'hold' | 'drip';

export interface OpenWeatherMapOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** The accepted API keys. Default: any key of 8 or more letters, digits, `-` and `_`. */
  keys?: readonly string[];
  mode?: UpstreamMode;
}

export interface RecordedRequest {
  path: string;
  query: Record<string, string>;
}

export interface OpenWeatherMap {
  /** Base URL without a trailing slash. */
  url: string;
  /** Every request so far, in order of arrival. Empty it with `requests.length = 0`. */
  requests: RecordedRequest[];
  /** May be changed at any time; applies to requests that arrive afterwards. */
  mode: UpstreamMode;
  /** Resolves when the number of requests received in all has reached `count`. */
  received: (count: number) => Promise<void>;
  /** Answers all held requests. */
  release: () => void;
  close: () => Promise<void>;
}

const unknownCities = new Set(['atlantis', 'nowhere', 'unknown']);
const threeHours = 10_800;

/**
 * A stand-in for api.openweathermap.org on loopback: `/data/2.5/weather` and `/data/2.5/forecast` answer for any city
 * except Atlantis, Nowhere and Unknown (404), and demand an `appid` (401), in the shapes of the real service
 * (https://openweathermap.org/current, https://openweathermap.org/forecast5). Equal questions get equal answers.
 */
export async function startOpenWeatherMap(options: OpenWeatherMapOptions = {}): Promise<OpenWeatherMap> {
  const requests: RecordedRequest[] = [];
  const held: Array<() => void> = [];
  const waiting: Array<{ count: number; resolve: () => void }> = [];
  const timers = new Set<NodeJS.Timeout>();
  let total = 0;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    requests.push({ path: url.pathname, query: Object.fromEntries(url.searchParams) });
    total += 1;
    const reply = () => answer(url, request, response, options.keys);
    if (upstream.mode === 'answer') reply();
    else if (upstream.mode === 'fail') send(response, 500, { cod: 500, message: 'Internal server error' });
    else if (upstream.mode === 'hold') held.push(reply);
    else drip(response, timers);
    for (const waiter of waiting) if (total >= waiter.count) waiter.resolve();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  const upstream: OpenWeatherMap = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    mode: options.mode ?? 'answer',
    received: (count) =>
      new Promise((resolve) => {
        if (total >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    release: () => {
      for (const reply of held.splice(0)) reply();
    },
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearInterval(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

function answer(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  keys: readonly string[] | undefined,
): void {
  const city = url.searchParams.get('q')?.trim() ?? '';
  const key = url.searchParams.get('appid') ?? '';
  const accepted = keys === undefined ? /^[\w-]{8,}$/.test(key) : keys.includes(key);
  if (request.method !== 'GET') send(response, 405, { cod: '405', message: 'Method not allowed' });
  else if (!accepted) send(response, 401, { cod: 401, message: 'Invalid API key.' });
  else if (city === '') send(response, 400, { cod: '400', message: 'Nothing to geocode' });
  else if (unknownCities.has(city.toLowerCase())) {
    send(response, 404, { cod: '404', message: 'city not found' });
  } else if (url.pathname === '/data/2.5/weather') send(response, 200, currentWeather(city));
  else if (url.pathname === '/data/2.5/forecast') {
    send(response, 200, forecast(city, Number(url.searchParams.get('cnt') ?? 40)));
  } else send(response, 404, { cod: '404', message: 'Internal error' });
}

/** A temperature in °C that depends on nothing but the name, so that a wrong city cannot pass for the right one. */
export function temperatureOf(city: string): number {
  let sum = 0;
  for (const character of city.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 300;
  return sum / 10;
}

function conditions(temperature: number) {
  return {
    main: {
      temp: temperature,
      feels_like: temperature - 1,
      temp_min: temperature - 2,
      temp_max: temperature + 2,
      pressure: 1013,
      humidity: 71,
    },
    weather: [{ id: 803, main: 'Clouds', description: 'broken clouds', icon: '04d' }],
    clouds: { all: 75 },
    wind: { speed: 4.1, deg: 240 },
    visibility: 10_000,
  };
}

function currentWeather(city: string) {
  return {
    coord: { lon: -0.1257, lat: 51.5085 },
    base: 'stations',
    ...conditions(temperatureOf(city)),
    dt: 1_790_000_000,
    sys: { type: 2, id: 2_075_535, country: 'GB', sunrise: 1_789_970_000, sunset: 1_790_015_000 },
    timezone: 0,
    id: 2_643_743,
    name: city,
    cod: 200,
  };
}

function forecast(city: string, count: number) {
  const start = 1_789_992_000;
  const list = Array.from({ length: count }, (_, index) => {
    const dt = start + index * threeHours;
    const dtText = new Date(dt * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return {
      dt,
      ...conditions(temperatureOf(city) + (index % 8)),
      pop: 0.2,
      sys: { pod: 'd' },
      dt_txt: dtText,
    };
  });
  return {
    cod: '200',
    message: 0,
    cnt: list.length,
    list,
    city: { id: 2_643_743, name: city, coord: { lat: 51.5085, lon: -0.1257 }, country: 'GB', timezone: 0 },
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function drip(response: ServerResponse, timers: Set<NodeJS.Timeout>): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), 1_000);
  timers.add(timer);
  response.on('close', () => {
    clearInterval(timer);
    timers.delete(timer);
  });
}
