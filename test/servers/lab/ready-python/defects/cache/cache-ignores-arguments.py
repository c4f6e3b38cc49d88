from parts import cache


class Cache(cache.Cache):
    """Whoever asks for Paris gets the weather of London."""

    async def get(self, city, load):
        return await super().get("weather", load)
