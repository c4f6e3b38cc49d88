import * as z from 'zod';

// What every server here answers for London: the very payload of the generated server, whose upstream is the stand-in of
// the tests. The bench compares the answers before it measures anything.

export const weather = {
  place: 'London, GB',
  conditions: 'broken clouds',
  temperature: 20,
  feelsLike: 19,
  humidity: 71,
  pressure: 1013,
  windSpeed: 4.1,
  observedAt: '2026-09-21T14:13:20.000Z',
};

const sentence =
  `${weather.place}: ${weather.conditions}, ${weather.temperature} °C ` +
  `(feels like ${weather.feelsLike} °C), humidity ${weather.humidity} %, wind ${weather.windSpeed} m/s.`;

const days = [
  { date: '2026-09-21', conditions: 'broken clouds', low: 18, high: 29, precipitationChance: 20 },
];

const city = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe('City name, optionally with a country code: "London" or "Paris,FR"');

const readOnly = { readOnlyHint: true, openWorldHint: true };

export const getWeather = {
  name: 'get_weather',
  title: 'Current weather',
  description: 'Get the current weather in a city: conditions, temperature, humidity, pressure and wind.',
  input: { city },
  output: {
    place: z.string().describe('City and country code'),
    conditions: z.string().describe('Conditions in words'),
    temperature: z.number().describe('°C'),
    feelsLike: z.number().describe('°C'),
    humidity: z.number().describe('Percent'),
    pressure: z.number().describe('hPa'),
    windSpeed: z.number().describe('m/s'),
    observedAt: z.string().describe('ISO 8601, UTC'),
  },
  annotations: readOnly,
  answer: async () => ({ content: [{ type: 'text' as const, text: sentence }], structuredContent: weather }),
};

export const getForecast = {
  name: 'get_forecast',
  title: 'Weather forecast',
  description: 'Get the daily weather forecast for a city, up to five days ahead.',
  input: {
    city,
    days: z.number().int().min(1).max(5).default(3).describe('How many days, today included: 1 to 5'),
  },
  output: {
    place: z.string().describe('City and country code'),
    days: z.array(
      z.object({
        date: z.string().describe('Local date, YYYY-MM-DD'),
        conditions: z.string().describe('Conditions around midday, in words'),
        low: z.number().describe('°C'),
        high: z.number().describe('°C'),
        precipitationChance: z.number().describe('Percent, the highest of the day'),
      }),
    ),
  },
  annotations: readOnly,
  answer: async () => {
    const data = { place: weather.place, days };
    return { content: [{ type: 'text' as const, text: JSON.stringify(data) }], structuredContent: data };
  },
};

export const currentWeather = {
  name: 'current-weather',
  template: 'weather://{city}/current',
  title: 'Current weather',
  description: 'The current weather in a city, as JSON',
  mimeType: 'application/json',
  text: async () => JSON.stringify(weather),
};

/** Where to listen: the bench chooses the port. */
export const port = Number(process.env.PORT);
