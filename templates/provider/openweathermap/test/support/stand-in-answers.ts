import { readFileSync } from 'node:fs';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');
const answers: Record<string, string> = {
  '/data/2.5/weather': fixture('weather'),
  '/data/2.5/forecast': fixture('forecast'),
};

/** What api.openweathermap.org answers. It knows every city but Nowhere. */
export function answerOf(url: URL): { status: number; body: string } {
  const body = answers[url.pathname];
  if (body === undefined || cityOf(url) === 'Nowhere') return { status: 404, body: '{"cod":"404"}' };
  return { status: 200, body };
}

/** The city that a request asks for. */
export function cityOf(url: URL): string | null {
  return url.searchParams.get('q');
}

/** How many requests a question about a city costs. */
export const requestsPerQuestion = 1;

/** How many requests it takes to see whether the service is up. */
export const requestsPerProbe = 1;

/** A request for the current weather, for tests of the HTTP client. */
export const example = { path: '/data/2.5/weather', query: { q: 'London', appid: 'a-secret' } };

/** Settings that point the server at the stand-in. */
export function standInEnv(url: string): Record<string, string> {
  return { WEATHER_BASE_URL: url, OPENWEATHER_API_KEY: 'an-upstream-key' };
}
