import * as z from 'zod';

/** What `get_weather` answers, whichever service it came from. */
export const currentWeather = z.object({
  place: z.string().describe('City and country code'),
  conditions: z.string().describe('Conditions in words'),
  temperature: z.number().describe('°C'),
  feelsLike: z.number().describe('°C'),
  humidity: z.number().describe('Percent'),
  pressure: z.number().describe('hPa'),
  windSpeed: z.number().describe('m/s'),
  observedAt: z.string().describe('ISO 8601, UTC'),
});
export type CurrentWeather = z.infer<typeof currentWeather>;

export const forecastDay = z.object({
  date: z.string().describe('Local date, YYYY-MM-DD'),
  conditions: z.string().describe('Conditions of the day, in words'),
  low: z.number().describe('°C'),
  high: z.number().describe('°C'),
  precipitationChance: z.number().describe('Percent, the highest of the day'),
});

/** What `get_forecast` answers. The first day starts now, so it may be a part of a day. */
export const forecast = z.object({
  place: z.string().describe('City and country code'),
  days: z.array(forecastDay),
});
export type Forecast = z.infer<typeof forecast>;
