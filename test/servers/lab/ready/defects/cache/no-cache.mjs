/** Nothing is kept; equal requests in flight share one load. */
export function createCache() {
  const loading = new Map();
  return (city, load) => {
    const key = city.trim().toLowerCase();
    if (!loading.has(key))
      loading.set(
        key,
        load().finally(() => loading.delete(key)),
      );
    return loading.get(key);
  };
}
