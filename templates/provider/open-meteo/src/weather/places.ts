import * as z from 'zod';
import type { Cache, Store } from '../store/contract.ts';
import { cityKey } from './city-key.ts';
import type { GetOptions, Upstream } from './contract.ts';
import type { Deadline } from './deadline.ts';
import { WeatherError } from './errors.ts';

// Only what is used: https://open-meteo.com/en/docs/geocoding-api
const result = z.object({
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  country_code: z.string().optional(),
  country: z.string().optional(),
  admin1: z.string().optional(),
});
/** There is no list when nothing was found. */
const searchAnswer = z.object({ results: z.array(result).default([]) });
type Result = z.infer<typeof result>;

const place = z.object({
  /** City and country code. */
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
});
export type Place = z.infer<typeof place>;

// Cities stay where they are.
const ttlMs = 24 * 3_600_000;
const maxEntries = 5_000;
/** As many as the service gives: a small town may share its name with a hundred others. */
const candidates = 100;

/** Where cities are, by Open-Meteo's geocoding. What was found is remembered for a day. */
export class Places {
  readonly #upstream: Upstream;
  readonly #known: Cache<Place>;

  constructor(upstream: Upstream, store: Store) {
    this.#upstream = upstream;
    this.#known = store.cache({ name: 'place', schema: place, ttlMs, maxEntries });
  }

  /**
   * The largest city of that name; with a country (code or name) or region after a comma, the largest one there.
   *
   * @throws WeatherError `not-found` among others
   */
  find(city: string, deadline: Deadline): Promise<Place> {
    return this.#known.get(cityKey(city), async () => {
      const [name = '', ...areas] = city.split(',').map((part) => part.trim());
      if (name === '') throw new WeatherError('not-found');
      const found = await this.search(name, areas.length === 0 ? 1 : candidates, { deadline });
      const match = found.find((candidate) => areas.every((area) => isIn(area, candidate)));
      if (match === undefined) throw new WeatherError('not-found');
      return {
        name: match.country_code === undefined ? match.name : `${match.name}, ${match.country_code}`,
        latitude: match.latitude,
        longitude: match.longitude,
      };
    });
  }

  /** Asks the service, best matches first. */
  async search(name: string, count: number, options: GetOptions): Promise<Result[]> {
    const query = { name, count: String(count), language: 'en', format: 'json' };
    const { results } = await this.#upstream.get(
      { path: '/v1/search', query, schema: searchAnswer },
      options,
    );
    return results;
  }
}

function isIn(area: string, { country_code, country, admin1 }: Result): boolean {
  const wanted = area.toLowerCase();
  // The code that people write is not the one in ISO 3166.
  const code = wanted === 'uk' ? 'gb' : wanted;
  return [country_code, country, admin1].some((name) => name?.toLowerCase() === code);
}
