import type * as z from 'zod';
import { httpUrl } from '../config.ts';
import type { ProviderParts, WeatherProvider } from './contract.ts';
import { OpenMeteo } from './open-meteo.ts';
import { Places } from './places.ts';

export const providerSettings = {
  WEATHER_BASE_URL: httpUrl().default('https://api.open-meteo.com'),
  GEOCODING_BASE_URL: httpUrl().default('https://geocoding-api.open-meteo.com'),
};

export type ProviderSettings = z.infer<z.ZodObject<typeof providerSettings>>;

export function createProvider(
  settings: ProviderSettings,
  { connect, store }: ProviderParts,
): WeatherProvider {
  const places = new Places(connect(settings.GEOCODING_BASE_URL), store);
  return new OpenMeteo(connect(settings.WEATHER_BASE_URL), places);
}
