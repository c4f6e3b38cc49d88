import type { Logger } from '../logging.ts';
import type { CurrentWeather, Forecast } from './model.ts';
import { OpenWeatherMap } from './openweathermap.ts';
import { ResponseCache } from './response-cache.ts';
import type { WeatherSettings } from './settings.ts';
import { createUpstream } from './upstream.ts';

/** What the rest of the server knows about weather. `current` and `forecast` reject with a WeatherError. */
export interface Weather {
  /** How long an answer may be kept, in ms. */
  readonly ttlMs: number;
  current(city: string): Promise<CurrentWeather>;
  /** `days` is 1 to 5. */
  forecast(city: string, days: number): Promise<Forecast>;
  /** Whether the weather service answers within `timeoutMs`. Asks it, every time; never rejects. */
  reachable(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

// A few MB at most: an entry is a small object.
const maxCities = 2_000;

export function createWeather(settings: WeatherSettings, log: Logger): Weather {
  const ttlMs = settings.CACHE_TTL * 1000;
  const upstream = createUpstream({
    baseUrl: settings.WEATHER_BASE_URL,
    timeoutMs: settings.UPSTREAM_TIMEOUT_MS,
    log,
  });
  const service = new OpenWeatherMap(upstream, settings.OPENWEATHER_API_KEY);
  const current = new ResponseCache<CurrentWeather>({ maxEntries: maxCities, ttlMs });
  const forecasts = new ResponseCache<Forecast>({ maxEntries: maxCities, ttlMs });

  return {
    ttlMs,
    current: (city) => current.get(cacheKey(city), () => service.current(city)),
    forecast: async (city, days) => {
      const { place, days: all } = await forecasts.get(cacheKey(city), () => service.forecast(city));
      return { place, days: all.slice(0, days) };
    },
    reachable: (timeoutMs) => service.reachable(timeoutMs),
    close: () => upstream.close(),
  };
}

/** "London", " london" and "LONDON" are one question. */
function cacheKey(city: string): string {
  return city.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}
