import * as z from 'zod';
import { required, wholeNumber } from '../config.ts';

export const weatherSettings = {
  OPENWEATHER_API_KEY: required('get one at https://openweathermap.org/api'),
  WEATHER_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .default('https://api.openweathermap.org'),
  UPSTREAM_TIMEOUT_MS: wholeNumber(100, 60_000).default(5_000),
  /** Seconds. */
  CACHE_TTL: wholeNumber(1, 86_400).default(300),
};

export type WeatherSettings = z.infer<z.ZodObject<typeof weatherSettings>>;
