import type { Logger } from './logging.ts';
import type { Weather } from './weather/weather.ts';

/** What tools and resources work with. */
export interface Services {
  weather: Weather;
  log: Logger;
}
