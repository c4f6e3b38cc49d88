// Weather in a city, in units, from a cache whose key is made by KEY. Texts name the city.
// CONVERTS=1: the upstream is asked for the city alone. TOKEN=1: each call asks for a token first, by a request that never repeats.
import { randomUUID } from 'node:crypto';
import { serveTool } from '../one-tool.mjs';

const { KEY: kind = 'all', CONVERTS: converts, TOKEN: token } = process.env;
const upstream = 'https://api.weather.test/v1';
const keys = {
  all: (city, units) => `${city}|${units}`,
  city: (city) => city,
  units: (_city, units) => units,
  prefix: (city, units) => `${city.slice(0, 3)}|${units}`,
};
const cache = new Map();

async function getJson(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

async function load(city, units) {
  const query = new URLSearchParams({ city, ...(!converts && { units }) });
  return (await getJson(`${upstream}/current?${query}`)).temperature;
}

serveTool({
  name: 'get_weather',
  definition: {
    inputSchema: {
      type: 'object',
      properties: { city: { type: 'string' }, units: { enum: ['metric', 'imperial'], default: 'metric' } },
      required: ['city'],
    },
  },
  call: async ({ city, units = 'metric' }) => {
    if (token) await getJson(`${upstream}/token?nonce=${randomUUID()}`);
    const key = keys[kind](city, units);
    if (!cache.has(key)) cache.set(key, await load(city, units));
    const celsius = cache.get(key);
    return `${city}: ${converts && units === 'imperial' ? celsius * 1.8 + 32 : celsius} degrees, ${units}`;
  },
});
