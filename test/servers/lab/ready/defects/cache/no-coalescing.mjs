const keptMs = 60_000;
const maxEntries = 1_000;

/** Keeps what was loaded for a minute, errors never; each of equal requests in flight loads for itself. */
export function createCache() {
  const kept = new Map();
  return async (city, load) => {
    const key = city.trim().toLowerCase();
    const entry = kept.get(key);
    if (entry !== undefined && Date.now() < entry.until) return entry.value;
    const value = await load();
    if (kept.size >= maxEntries) kept.delete(kept.keys().next().value);
    kept.set(key, { value, until: Date.now() + keptMs });
    return value;
  };
}
