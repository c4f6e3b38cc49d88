const keptMs = 60_000;
const maxEntries = 1_000;

/** Keeps what was loaded for a minute, errors never; equal requests in flight share one load. */
export function createCache() {
  const kept = new Map();
  const loading = new Map();

  const loadOnce = (key, load) => {
    const running = loading.get(key);
    if (running !== undefined) return running;
    const run = load()
      .then((value) => {
        if (kept.size >= maxEntries) kept.delete(kept.keys().next().value);
        kept.set(key, { value, until: Date.now() + keptMs });
        return value;
      })
      .finally(() => loading.delete(key));
    loading.set(key, run);
    return run;
  };

  return async (city, load) => {
    const key = city.trim().toLowerCase();
    const entry = kept.get(key);
    if (entry !== undefined && Date.now() < entry.until) return entry.value;
    kept.delete(key);
    return loadOnce(key, load);
  };
}
