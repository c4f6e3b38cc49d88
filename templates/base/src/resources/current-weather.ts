import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type Variables,
} from '@modelcontextprotocol/server';
import type { CallOutcome } from '../events.ts';
import type { Services } from '../services.ts';
import { scoped } from '../scope.ts';
import { WeatherError } from '../weather/errors.ts';

/** `weather://{city}/current`: what get_weather answers, for hosts that attach data instead of calling tools. */
export function registerCurrentWeather(server: McpServer, { weather, events }: Services): void {
  server.registerResource(
    'current-weather',
    new ResourceTemplate('weather://{city}/current', { list: undefined }),
    {
      title: 'Current weather',
      description: 'The current weather in a city, as JSON',
      mimeType: 'application/json',
      // The same for every caller, and never fresher than this server's own cache.
      cacheHint: { ttlMs: weather.ttlMs, cacheScope: 'public' },
    },
    scoped('resources/read', async (uri: URL, { city }: Variables) => {
      const started = performance.now();
      const report = (outcome: CallOutcome) =>
        events.emit('resourceRead', {
          resource: 'current-weather',
          uri: uri.href,
          outcome,
          durationMs: Math.round(performance.now() - started),
        });
      try {
        const data = await weather.current(cityIn(city));
        report('ok');
        return {
          contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(data) }],
        };
      } catch (error) {
        report(
          error instanceof WeatherError
            ? error.reason
            : error instanceof ProtocolError
              ? 'invalid-input'
              : 'defect',
        );
        if (!(error instanceof WeatherError)) throw error;
        if (error.reason === 'not-found') throw new ResourceNotFoundError(uri.href);
        throw new ProtocolError(ProtocolErrorCode.InternalError, error.message);
      }
    }),
  );
}

function cityIn(variable: string | string[] | undefined): string {
  try {
    const city = decodeURIComponent(String(variable)).trim();
    if (city !== '' && city.length <= 100) return city;
  } catch {
    // Not valid percent-encoding: answered below.
  }
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The city must be 1 to 100 characters long.');
}
