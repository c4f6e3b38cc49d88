import * as z from 'zod';
import type { GetOptions, Upstream, WeatherProvider } from './contract.ts';
import type { Deadline } from './deadline.ts';
import type { CurrentWeather, Forecast } from './model.ts';
import type { Place, Places } from './places.ts';
import { conditionsOf } from './weather-codes.ts';

// Only what is used: https://open-meteo.com/en/docs
const current = z.object({
  /** UTC, without saying so. */
  time: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
  temperature_2m: z.number(),
  apparent_temperature: z.number(),
  relative_humidity_2m: z.number(),
  pressure_msl: z.number(),
  wind_speed_10m: z.number(),
  weather_code: z.number(),
});
const currentAnswer = z.object({ current });

// A day at the end of what the models cover may lack values.
const values = z.array(z.number().nullable());
const daily = z.object({
  /** Local dates. */
  time: z.array(z.string()),
  weather_code: values,
  temperature_2m_min: values,
  temperature_2m_max: values,
  precipitation_probability_max: values,
});
const dailyAnswer = z.object({ daily });
type Daily = z.infer<typeof daily>;

/** https://open-meteo.com: a city becomes coordinates, and those become weather. */
export class OpenMeteo implements WeatherProvider {
  readonly #upstream: Upstream;
  readonly #places: Places;

  constructor(upstream: Upstream, places: Places) {
    this.#upstream = upstream;
    this.#places = places;
  }

  async current(city: string, deadline: Deadline): Promise<CurrentWeather> {
    const place = await this.#places.find(city, deadline);
    const { current } = await this.#currentAt(place, { deadline });
    return {
      place: place.name,
      conditions: conditionsOf(current.weather_code),
      temperature: current.temperature_2m,
      feelsLike: current.apparent_temperature,
      humidity: current.relative_humidity_2m,
      pressure: current.pressure_msl,
      windSpeed: current.wind_speed_10m,
      observedAt: new Date(`${current.time}Z`).toISOString(),
    };
  }

  async forecast(city: string, deadline: Deadline): Promise<Forecast> {
    const place = await this.#places.find(city, deadline);
    const query = {
      ...coordinates(place),
      daily: Object.keys(daily.shape)
        .filter((name) => name !== 'time')
        .join(','),
      timezone: 'auto',
    };
    const question = { path: '/v1/forecast', query, schema: dailyAnswer };
    const answer = await this.#upstream.get(question, { deadline });
    return { place: place.name, days: daysOf(answer.daily) };
  }

  async probe(deadline: Deadline): Promise<void> {
    const options = { deadline, retry: false };
    await Promise.all([
      this.#places.search('London', 1, options),
      this.#currentAt({ latitude: 51.5, longitude: -0.13 }, options),
    ]);
  }

  #currentAt(place: Omit<Place, 'name'>, options: GetOptions) {
    const query = {
      ...coordinates(place),
      current: Object.keys(current.shape)
        .filter((name) => name !== 'time')
        .join(','),
      wind_speed_unit: 'ms',
      timezone: 'GMT',
    };
    return this.#upstream.get({ path: '/v1/forecast', query, schema: currentAnswer }, options);
  }
}

function coordinates({ latitude, longitude }: Omit<Place, 'name'>) {
  return { latitude: String(latitude), longitude: String(longitude) };
}

/** The days of which everything is known. */
function daysOf(daily: Daily): Forecast['days'] {
  return daily.time.flatMap((date, index) => {
    const code = daily.weather_code[index] ?? null;
    const low = daily.temperature_2m_min[index] ?? null;
    const high = daily.temperature_2m_max[index] ?? null;
    const precipitationChance = daily.precipitation_probability_max[index] ?? null;
    if (code === null || low === null || high === null || precipitationChance === null) return [];
    return [{ date, conditions: conditionsOf(code), low, high, precipitationChance }];
  });
}
