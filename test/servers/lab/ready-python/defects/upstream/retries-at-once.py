from parts import upstream
from parts.upstream_error import UpstreamError

ATTEMPTS = 25


def create_upstream(settings, log):
    """Tries again and again, without a pause."""
    current_weather = upstream.create_upstream(settings, log)

    async def tried(city):
        for _ in range(ATTEMPTS - 1):
            try:
                return await current_weather(city)
            except UpstreamError:
                continue
        return await current_weather(city)

    return tried
