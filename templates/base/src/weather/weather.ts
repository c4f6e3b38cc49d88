import type { Events } from '../events.ts';
import type { Store } from '../store/contract.ts';
import { type CurrentWeather, currentWeather, type Forecast, forecast } from './model.ts';
import { createProvider, type ProviderSettings } from './provider.ts';
import type { WeatherSettings } from './settings.ts';
import { createUpstreams } from './upstream.ts';

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
const maxEntries = 2_000;

export function createWeather(
  settings: WeatherSettings & ProviderSettings,
  { store, events }: { store: Store; events: Events },
): Weather {
  const ttlMs = settings.CACHE_TTL * 1000;
  const upstreams = createUpstreams({ timeoutMs: settings.UPSTREAM_TIMEOUT_MS, events });
  const provider = createProvider(settings, upstreams.connect);
  const current = store.cache({ name: 'current', schema: currentWeather, ttlMs, maxEntries });
  const forecasts = store.cache({ name: 'forecast', schema: forecast, ttlMs, maxEntries });

  return {
    ttlMs,
    current: (city) => current.get(cacheKey(city), () => provider.current(city)),
    forecast: async (city, days) => {
      const { place, days: all } = await forecasts.get(cacheKey(city), () => provider.forecast(city));
      return { place, days: all.slice(0, days) };
    },
    reachable: (timeoutMs) => provider.reachable(timeoutMs),
    close: upstreams.close,
  };
}

/** "London", " london" and "LONDON" are one question. */
function cacheKey(city: string): string {
  return city.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}
