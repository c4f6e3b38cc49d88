import type { Events } from '../events.ts';
import type { Store } from '../store/contract.ts';
import { cityKey } from './city-key.ts';
import { deadlineIn } from './deadline.ts';
import { type CurrentWeather, currentWeather, type Forecast, forecast } from './model.ts';
import { createProvider, type ProviderSettings } from './provider.ts';
import type { WeatherSettings } from './settings.ts';
import { createUpstreams } from './upstream.ts';

/**
 * What the rest of the server knows about weather. `current` and `forecast` reject with a WeatherError.
 *
 * A call that has begun is not cancelled when its client leaves: others may wait for the same answer, it is over within
 * UPSTREAM_TIMEOUT_MS anyway, and the next to ask finds it in the cache.
 */
export interface Weather {
  /** How long an answer may be kept, in ms. */
  readonly ttlMs: number;
  current(city: string): Promise<CurrentWeather>;
  /** `days` is 1 to 5. */
  forecast(city: string, days: number): Promise<Forecast>;
  /** Whether the weather service answers, as far as recent calls tell: undefined when they do not. */
  known(): boolean | undefined;
  /** Whether the weather service answers. Asks it, every time; never rejects. */
  reachable(): Promise<boolean>;
  close(): Promise<void>;
}

// A few MB at most: an entry is a small object.
const maxEntries = 2_000;

export function createWeather(
  settings: WeatherSettings & ProviderSettings,
  { store, events }: { store: Store; events: Events },
): Weather {
  const timeoutMs = settings.UPSTREAM_TIMEOUT_MS;
  const ttlMs = settings.CACHE_TTL * 1000;
  const upstreams = createUpstreams({ timeoutMs, events });
  const provider = createProvider(settings, { connect: upstreams.connect, store });
  const current = store.cache({ name: 'current', schema: currentWeather, ttlMs, maxEntries });
  const forecasts = store.cache({ name: 'forecast', schema: forecast, ttlMs, maxEntries });

  return {
    ttlMs,
    current: (city) => current.get(cityKey(city), () => provider.current(city, deadlineIn(timeoutMs))),
    forecast: async (city, days) => {
      const { place, days: all } = await forecasts.get(cityKey(city), () =>
        provider.forecast(city, deadlineIn(timeoutMs)),
      );
      return { place, days: all.slice(0, days) };
    },
    known: upstreams.known,
    reachable: () =>
      provider.probe(deadlineIn(timeoutMs)).then(
        () => true,
        () => false,
      ),
    close: upstreams.close,
  };
}
