from parts import cache
from parts.upstream_error import UpstreamError


class Cache(cache.Cache):
    """A failure is kept for as long as an answer."""

    async def get(self, city, load):
        async def settled():
            try:
                return await load()
            except UpstreamError as error:
                return error

        value = await super().get(city, settled)
        if isinstance(value, UpstreamError):
            raise value
        return value
