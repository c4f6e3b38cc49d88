import { createCache as create } from '../../parts/cache.mjs';

/** A failure is kept for as long as an answer. */
export function createCache() {
  const cached = create();
  return async (city, load) => {
    const settled = await cached(city, () =>
      load().then(
        (value) => ({ value }),
        (error) => ({ error }),
      ),
    );
    if (settled.error !== undefined) throw settled.error;
    return settled.value;
  };
}
