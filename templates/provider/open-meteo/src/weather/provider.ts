import * as z from 'zod';
import type { ProviderParts, WeatherProvider } from './contract.ts';
import { OpenMeteo } from './open-meteo.ts';
import { Places } from './places.ts';

const baseUrl = () => z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

export const providerSettings = {
  WEATHER_BASE_URL: baseUrl().default('https://api.open-meteo.com'),
  GEOCODING_BASE_URL: baseUrl().default('https://geocoding-api.open-meteo.com'),
};

export type ProviderSettings = z.infer<z.ZodObject<typeof providerSettings>>;

export function createProvider(
  settings: ProviderSettings,
  { connect, store }: ProviderParts,
): WeatherProvider {
  const places = new Places(connect(settings.GEOCODING_BASE_URL), store);
  return new OpenMeteo(connect(settings.WEATHER_BASE_URL), places);
}
