import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type Variables,
} from '@modelcontextprotocol/server';
import type { CallOutcome } from '../events.ts';
import { scoped } from '../scope.ts';
import type { Services } from '../services.ts';
import { city as citySchema } from '../tools/city.ts';
import { WeatherError } from '../weather/errors.ts';

// Parsed once: the server that it is registered on lives for one request.
const template = new ResourceTemplate('weather://{city}/current', { list: undefined });

/** `weather://{city}/current`: what get_weather answers, for hosts that attach data instead of calling tools. */
export function registerCurrentWeather(server: McpServer, { weather, events }: Services): void {
  server.registerResource(
    'current-weather',
    template,
    {
      title: 'Current weather',
      description: 'The current weather in a city, as JSON',
      mimeType: 'application/json',
      // The same for every caller, and never fresher than this server's own cache.
      cacheHint: { ttlMs: weather.ttlMs, cacheScope: 'public' },
    },
    scoped('resources/read', async (uri: URL, { city }: Variables) => {
      const started = performance.now();
      const report = (outcome: CallOutcome, input?: { city: string }) =>
        events.emit('resourceRead', {
          resource: 'current-weather',
          outcome,
          durationMs: performance.now() - started,
          // Not the URI: whatever else a client writes into it is not known to be safe to log.
          ...(input !== undefined && { input }),
        });
      let input: { city: string } | undefined;
      try {
        input = { city: cityIn(city) };
        const data = await weather.current(input.city);
        report('ok', input);
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
          input,
        );
        if (!(error instanceof WeatherError)) throw error;
        if (error.reason === 'not-found') throw new ResourceNotFoundError(uri.href);
        throw new ProtocolError(ProtocolErrorCode.InternalError, error.message);
      }
    }),
  );
}

function cityIn(variable: string | string[] | undefined): string {
  const { data, error } = citySchema.safeParse(decoded(String(variable)));
  if (error === undefined) return data;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'The city must be a plain name, 1 to 100 characters long and percent-encoded.',
  );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
