import asyncio
import time

KEPT = 60
MAX_ENTRIES = 1000


class Cache:
    """Keeps what was loaded for a minute, errors never; equal requests in flight share one load."""

    def __init__(self):
        self.kept = {}
        self.loading = {}

    async def get(self, city, load):
        key = city.strip().lower()
        value, until = self.kept.get(key, (None, 0))
        if time.monotonic() < until:
            return value
        if key not in self.loading:
            self.loading[key] = asyncio.ensure_future(self.load(key, load))
        return await asyncio.shield(self.loading[key])

    async def load(self, key, load):
        try:
            value = await load()
        finally:
            del self.loading[key]
        self.keep(key, value)
        return value

    def keep(self, key, value):
        self.kept.pop(key, None)
        if len(self.kept) >= MAX_ENTRIES:
            del self.kept[next(iter(self.kept))]
        self.kept[key] = (value, time.monotonic() + KEPT)
