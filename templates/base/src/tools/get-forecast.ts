import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Services } from '../services.ts';
import { type Forecast, forecast } from '../weather/model.ts';
import { city } from './city.ts';
import { precompiled, watched } from './precompiled.ts';
import { reportInvalid, runTool } from './run-tool.ts';

const days = z.number().int().min(1).max(5).default(3).describe('How many days, today included: 1 to 5');

const config = {
  title: 'Weather forecast',
  description: 'Get the daily weather forecast for a city, up to five days ahead.',
  inputSchema: precompiled(z.object({ city, days })),
  outputSchema: precompiled(forecast),
  annotations: { readOnlyHint: true, openWorldHint: true },
};

export function registerGetForecast(server: McpServer, { weather, events }: Services): void {
  server.registerTool(
    'get_forecast',
    { ...config, inputSchema: watched(config.inputSchema, reportInvalid('get_forecast', events)) },
    runTool(
      { tool: 'get_forecast', events, safe: ['city', 'days'] },
      async (input: { city: string; days: number }) => {
        const data = await weather.forecast(input.city, input.days);
        return { text: describe(data), data };
      },
    ),
  );
}

function describe({ place, days }: Forecast): string {
  const lines = days.map(
    (day) =>
      `${day.date}: ${day.conditions}, ${day.low} to ${day.high} °C, ` +
      `chance of precipitation ${day.precipitationChance} %`,
  );
  return [`Forecast for ${place}`, ...lines].join('\n');
}
