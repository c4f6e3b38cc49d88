import { createUpstream as create } from '../../parts/upstream.mjs';

const attempts = 25;

/** Tries again and again, without a pause. */
export function createUpstream(settings) {
  const currentWeather = create(settings);
  return async (city) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await currentWeather(city);
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
  };
}
