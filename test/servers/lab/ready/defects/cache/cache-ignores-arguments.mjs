import { createCache as create } from '../../parts/cache.mjs';

/** Whoever asks for Paris gets the weather of London. */
export function createCache() {
  const cached = create();
  return (_city, load) => cached('weather', load);
}
