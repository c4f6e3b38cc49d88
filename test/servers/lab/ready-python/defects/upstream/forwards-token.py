import httpx

from parts import upstream
from parts.upstream_error import UpstreamError
from parts.upstream_url import weather_url


def create_upstream(settings, log):
    """Asks a second time, with the token that clients send."""
    current_weather = upstream.create_upstream(settings, log)
    client = httpx.AsyncClient(timeout=settings.upstream_timeout)

    async def forwarded(city):
        url = weather_url(city, settings)
        try:
            await client.get(url, headers={"authorization": f"Bearer {settings.api_keys[0]}"})
        except httpx.HTTPError:
            raise UpstreamError("no usable answer", url) from None
        return await current_weather(city)

    return forwarded
