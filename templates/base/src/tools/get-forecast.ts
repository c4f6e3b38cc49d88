import * as z from 'zod';
import { type Forecast, forecast } from '../weather/model.ts';
import { city } from './city.ts';
import { defineTool } from './define-tool.ts';

const days = z.number().int().min(1).max(5).default(3).describe('How many days, today included: 1 to 5');

export const getForecast = defineTool({
  name: 'get_forecast',
  title: 'Weather forecast',
  description: 'Get the daily weather forecast for a city, up to five days ahead.',
  input: z.object({ city, days }),
  output: forecast,
  annotations: { readOnlyHint: true, openWorldHint: true },
  safe: ['city', 'days'],
  async work({ city, days }, { weather }) {
    const data = await weather.forecast(city, days);
    return { text: describe(data), data };
  },
});

function describe({ place, days }: Forecast): string {
  const lines = days.map(
    (day) =>
      `${day.date}: ${day.conditions}, ${day.low} to ${day.high} °C, ` +
      `chance of precipitation ${day.precipitationChance} %`,
  );
  return [`Forecast for ${place}`, ...lines].join('\n');
}
