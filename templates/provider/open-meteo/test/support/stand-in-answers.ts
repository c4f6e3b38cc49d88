import { readFileSync } from 'node:fs';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');
const answers: Record<string, string> = {
  '/v1/search': fixture('search'),
  '/v1/forecast': fixture('forecast'),
};
const nothingFound = '{"generationtime_ms":0.5}';

/** What the two hosts of Open-Meteo answer. They know every city but Nowhere, as London. */
export function answerOf(url: URL): { status: number; body: string } {
  const body = answers[url.pathname];
  if (body === undefined) return { status: 404, body: '{"error":true,"reason":"Not Found"}' };
  return { status: 200, body: cityOf(url) === 'Nowhere' ? nothingFound : body };
}

/** The city that a request asks for; null for one that asks about coordinates. */
export function cityOf(url: URL): string | null {
  return url.searchParams.get('name');
}

/** How many requests a question about a city costs: where it is, and what its weather is like. */
export const requestsPerQuestion = 2;

/** How many requests it takes to see whether the service is up. */
export const requestsPerProbe = 2;

/** A request for the current weather, for tests of the HTTP client. */
export const example = { path: '/v1/forecast', query: { latitude: '51.5', longitude: '-0.13' } };

/** Settings that point the server at the stand-in. */
export function standInEnv(url: string): Record<string, string> {
  return { WEATHER_BASE_URL: url, GEOCODING_BASE_URL: url };
}
