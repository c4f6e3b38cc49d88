import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'lru-cache keeps answers for a bounded time, shares the call of equal questions that are in flight, and keeps no error.',
    language: 'ts',
    code: `import { LRUCache } from 'lru-cache';

const answers = new LRUCache<string, Weather>({
  max: 1_000,
  ttl: 600_000,
  fetchMethod: (city, _stale, { signal }) => fetchWeather(city, signal),
});

const weather = await answers.forceFetch(city.trim().toLowerCase());`,
  },
  python: {
    text: 'FastMCP’s middleware keys answers by tool and arguments and keeps no error; name the read-only tools, and no others.',
    language: 'python',
    code: `from fastmcp.server.middleware.caching import ResponseCachingMiddleware

mcp.add_middleware(
    ResponseCachingMiddleware(call_tool_settings={"ttl": 600, "included_tools": ["get_weather"]})
)`,
  },
};
