import { createUpstream as create } from '../../parts/upstream.mjs';
import { weatherUrl } from '../../parts/upstream-url.mjs';

/** Logs what it asks for, with the key in it. */
export function createUpstream(settings, log) {
  const currentWeather = create(settings);
  return (city) => {
    log.info('Asking upstream', { url: weatherUrl(city, settings) });
    return currentWeather(city);
  };
}
