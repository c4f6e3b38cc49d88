import * as z from 'zod';
import { type CurrentWeather, currentWeather } from '../weather/model.ts';
import { city } from './city.ts';
import { defineTool } from './define-tool.ts';

export const getWeather = defineTool({
  name: 'get_weather',
  title: 'Current weather',
  description: 'Get the current weather in a city: conditions, temperature, humidity, pressure and wind.',
  input: z.object({ city }),
  output: currentWeather,
  annotations: { readOnlyHint: true, openWorldHint: true },
  safe: ['city'],
  async work({ city }, { weather }) {
    const data = await weather.current(city);
    return { text: describe(data), data };
  },
});

function describe(weather: CurrentWeather): string {
  return (
    `${weather.place}: ${weather.conditions}, ${weather.temperature} °C ` +
    `(feels like ${weather.feelsLike} °C), humidity ${weather.humidity} %, wind ${weather.windSpeed} m/s.`
  );
}
