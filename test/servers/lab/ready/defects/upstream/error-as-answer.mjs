import { createUpstream as create } from '../../parts/upstream.mjs';

/** What went wrong stands where the weather should, as if it were an answer. */
export function createUpstream(settings) {
  const currentWeather = create(settings);
  return (city) =>
    currentWeather(city).catch((error) => ({ temperature: `Weather unavailable (${error.message})` }));
}
