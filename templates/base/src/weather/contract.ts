import type { CurrentWeather, Forecast } from './model.ts';

/** A weather service in the words of this project. All methods but `reachable` reject with a WeatherError. */
export interface WeatherProvider {
  current(city: string): Promise<CurrentWeather>;
  /** All the days the service knows, five at least. */
  forecast(city: string): Promise<Forecast>;
  /** Whether the service answers a plain question, credentials included, within `timeoutMs`. Never rejects. */
  reachable(timeoutMs: number): Promise<boolean>;
}

/** JSON over HTTP from one base URL. */
export interface Upstream {
  /**
   * GETs a path below the base URL and returns the parsed JSON.
   *
   * @param timeoutMs bound of the whole call; default: UPSTREAM_TIMEOUT_MS
   * @throws WeatherError for everything that goes wrong, without the URL, which may carry a key
   */
  get(path: string, query: Record<string, string>, timeoutMs?: number): Promise<unknown>;
}

/** Hands out an HTTP client for a base URL. */
export type Connect = (baseUrl: string) => Upstream;
