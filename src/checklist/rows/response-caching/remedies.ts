import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'lru-cache limits the age of results, shares one request among equal calls in flight, and caches no errors.',
    language: 'ts',
    code: `import { LRUCache } from 'lru-cache';

const cache = new LRUCache<string, Weather>({
  max: 1_000,
  ttl: 600_000,
  fetchMethod: (city, _stale, { signal }) => fetchWeather(city, signal),
});

const weather = await cache.forceFetch(city.trim().toLowerCase());`,
  },
  python: {
    text: 'FastMCP’s middleware caches results by tool and arguments, and caches no errors. Name only read-only tools.',
    language: 'python',
    code: `from fastmcp.server.middleware.caching import ResponseCachingMiddleware

mcp.add_middleware(
    ResponseCachingMiddleware(call_tool_settings={"ttl": 600, "included_tools": ["get_weather"]})
)`,
  },
};
