import type * as z from 'zod';
import type { Store } from '../store/contract.ts';
import type { Deadline } from './deadline.ts';
import type { CurrentWeather, Forecast } from './model.ts';

/** A weather service in the words of this project. Everything has to be over by the deadline. */
export interface WeatherProvider {
  /** @throws WeatherError */
  current(city: string, deadline: Deadline): Promise<CurrentWeather>;
  /**
   * All the days the service knows, five at least.
   *
   * @throws WeatherError
   */
  forecast(city: string, deadline: Deadline): Promise<Forecast>;
  /**
   * Asks every host of the service a plain question, credentials included, once and past all caches.
   *
   * @throws WeatherError when one does not answer
   */
  probe(deadline: Deadline): Promise<void>;
}

export interface Question<Schema extends z.ZodType = z.ZodType> {
  /** Below the base URL. Ends up in logs, so nothing a caller chose belongs in it. */
  path: string;
  query: Record<string, string>;
  /** What a good answer looks like, with the fields that are used. */
  schema: Schema;
}

export interface GetOptions {
  /** Bounds the whole call: every attempt, its body, and the waiting in between. */
  deadline: Deadline;
  /** Whether another attempt may follow a failed one. Default: yes. */
  retry?: boolean;
}

/** JSON over HTTP from one base URL. */
export interface Upstream {
  /** @throws WeatherError for everything that goes wrong, without the URL, which may carry a key */
  get<Schema extends z.ZodType>(question: Question<Schema>, options: GetOptions): Promise<z.infer<Schema>>;
}

/** Hands out an HTTP client for a base URL. Clients of different hosts share one circuit: together they are the service. */
export type Connect = (baseUrl: string) => Upstream;

/** What a provider is made of, besides its settings. */
export interface ProviderParts {
  connect: Connect;
  store: Store;
}
