import { McpServer } from '@modelcontextprotocol/server';
import { about } from './about.ts';
import { registerCurrentWeather } from './resources/current-weather.ts';
import type { Services } from './services.ts';
import { getForecast } from './tools/get-forecast.ts';
import { getWeather } from './tools/get-weather.ts';

const tools = [getWeather, getForecast];

// The lists change with a new version of this server only.
const listTtlMs = 3_600_000;
const listHint = { ttlMs: listTtlMs, cacheScope: 'public' } as const;

/**
 * Builds one MCP server. Over HTTP this happens for every request, over stdio once a connection: keep it cheap, and keep
 * everything that lasts (connections, caches) in `services`.
 */
export function createServer(services: Services): McpServer {
  const server = new McpServer(about, {
    instructions: 'Current weather and forecasts of up to five days for cities. Temperatures are in °C.',
    cacheHints: {
      'server/discover': listHint,
      'tools/list': listHint,
      'resources/list': listHint,
      'resources/templates/list': listHint,
    },
  });
  for (const register of tools) register(server, services);
  registerCurrentWeather(server, services);
  return server;
}
