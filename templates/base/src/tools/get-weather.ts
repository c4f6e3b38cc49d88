import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Services } from '../services.ts';
import { type CurrentWeather, currentWeather } from '../weather/model.ts';
import { city } from './city.ts';
import { precompiled, watched } from './precompiled.ts';
import { reportInvalid, runTool } from './run-tool.ts';

const config = {
  title: 'Current weather',
  description: 'Get the current weather in a city: conditions, temperature, humidity, pressure and wind.',
  inputSchema: precompiled(z.object({ city })),
  outputSchema: precompiled(currentWeather),
  annotations: { readOnlyHint: true, openWorldHint: true },
};

export function registerGetWeather(server: McpServer, { weather, events }: Services): void {
  server.registerTool(
    'get_weather',
    { ...config, inputSchema: watched(config.inputSchema, reportInvalid('get_weather', events)) },
    runTool({ tool: 'get_weather', events, safe: ['city'] }, async (input: { city: string }) => {
      const data = await weather.current(input.city);
      return { text: describe(data), data };
    }),
  );
}

function describe(weather: CurrentWeather): string {
  return (
    `${weather.place}: ${weather.conditions}, ${weather.temperature} °C ` +
    `(feels like ${weather.feelsLike} °C), humidity ${weather.humidity} %, wind ${weather.windSpeed} m/s.`
  );
}
