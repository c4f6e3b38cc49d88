import type * as z from 'zod';
import { httpUrl, required } from '../config.ts';
import type { ProviderParts, WeatherProvider } from './contract.ts';
import { OpenWeatherMap } from './openweathermap.ts';

export const providerSettings = {
  OPENWEATHER_API_KEY: required('get one at https://openweathermap.org/api'),
  WEATHER_BASE_URL: httpUrl().default('https://api.openweathermap.org'),
};

export type ProviderSettings = z.infer<z.ZodObject<typeof providerSettings>>;

export function createProvider(settings: ProviderSettings, { connect }: ProviderParts): WeatherProvider {
  return new OpenWeatherMap(connect(settings.WEATHER_BASE_URL), settings.OPENWEATHER_API_KEY);
}
