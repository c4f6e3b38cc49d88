import time

from parts import cache


class Cache(cache.Cache):
    """Each of equal requests in flight loads for itself."""

    async def get(self, city, load):
        key = city.strip().lower()
        value, until = self.kept.get(key, (None, 0))
        if time.monotonic() < until:
            return value
        value = await load()
        self.keep(key, value)
        return value
