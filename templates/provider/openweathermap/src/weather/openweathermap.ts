import * as z from 'zod';
import type { GetOptions, Upstream, WeatherProvider } from './contract.ts';
import type { Deadline } from './deadline.ts';
import type { CurrentWeather, Forecast } from './model.ts';

// Only what is used: https://openweathermap.org/current and https://openweathermap.org/forecast5
const conditions = z.array(z.object({ description: z.string() })).min(1);

/** Seconds since 1970, within what a Date can hold. */
const unixTime = z.number().int().min(0).max(1e11);

const currentAnswer = z.object({
  name: z.string(),
  dt: unixTime,
  sys: z.object({ country: z.string().optional() }),
  weather: conditions,
  main: z.object({
    temp: z.number(),
    feels_like: z.number(),
    humidity: z.number(),
    pressure: z.number(),
  }),
  wind: z.object({ speed: z.number() }),
});

const forecastAnswer = z.object({
  city: z.object({ name: z.string(), country: z.string().optional(), timezone: z.number() }),
  list: z
    .array(
      z.object({
        dt: unixTime,
        main: z.object({ temp_min: z.number(), temp_max: z.number() }),
        weather: conditions,
        pop: z.number().default(0),
      }),
    )
    .min(1),
});
type Step = z.infer<typeof forecastAnswer>['list'][number];

/** https://openweathermap.org, asked by the name of the city. */
export class OpenWeatherMap implements WeatherProvider {
  readonly #upstream: Upstream;
  readonly #apiKey: string;

  constructor(upstream: Upstream, apiKey: string) {
    this.#upstream = upstream;
    this.#apiKey = apiKey;
  }

  async current(city: string, deadline: Deadline): Promise<CurrentWeather> {
    const answer = await this.#get('weather', currentAnswer, city, { deadline });
    return {
      place: placeName(answer.name, answer.sys.country),
      conditions: answer.weather[0]?.description ?? '',
      temperature: answer.main.temp,
      feelsLike: answer.main.feels_like,
      humidity: answer.main.humidity,
      pressure: answer.main.pressure,
      windSpeed: answer.wind.speed,
      observedAt: new Date(answer.dt * 1000).toISOString(),
    };
  }

  async forecast(city: string, deadline: Deadline): Promise<Forecast> {
    const answer = await this.#get('forecast', forecastAnswer, city, { deadline });
    const byDate = new Map<string, Step[]>();
    for (const step of answer.list) {
      const date = localTime(step, answer.city.timezone).slice(0, 10);
      byDate.set(date, [...(byDate.get(date) ?? []), step]);
    }
    return {
      place: placeName(answer.city.name, answer.city.country),
      days: [...byDate].map(([date, steps]) => ({
        date,
        conditions: midday(steps, answer.city.timezone).weather[0]?.description ?? '',
        low: Math.min(...steps.map((step) => step.main.temp_min)),
        high: Math.max(...steps.map((step) => step.main.temp_max)),
        precipitationChance: Math.round(100 * Math.max(...steps.map((step) => step.pop))),
      })),
    };
  }

  async probe(deadline: Deadline): Promise<void> {
    await this.#get('weather', currentAnswer, 'London', { deadline, retry: false });
  }

  #get<Schema extends z.ZodType>(
    resource: 'weather' | 'forecast',
    schema: Schema,
    city: string,
    options: GetOptions,
  ): Promise<z.infer<Schema>> {
    const query = { q: city, units: 'metric', appid: this.#apiKey };
    return this.#upstream.get({ path: `/data/2.5/${resource}`, query, schema }, options);
  }
}

function placeName(city: string, country: string | undefined): string {
  return country === undefined ? city : `${city}, ${country}`;
}

function localTime(step: Step, offsetSeconds: number): string {
  return new Date((step.dt + offsetSeconds) * 1000).toISOString();
}

/** The step nearest to noon stands for the day; a night's sky says little about it. */
function midday(steps: Step[], offsetSeconds: number): Step {
  const distance = (step: Step) => Math.abs(12 - Number(localTime(step, offsetSeconds).slice(11, 13)));
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
}
