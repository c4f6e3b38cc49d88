import asyncio

import httpx

from parts.upstream_error import UpstreamError, checked_weather
from parts.upstream_url import weather_url


def create_upstream(settings, log):
    """Asks for the weather; the time limit is for all of it, to the last byte of the body."""
    client = httpx.AsyncClient(timeout=settings.upstream_timeout)

    async def current_weather(city):
        url = weather_url(city, settings)
        try:
            answer = await asyncio.wait_for(client.get(url), settings.upstream_timeout)
            if answer.status_code != 200:
                raise UpstreamError(f"status {answer.status_code}", url)
            return checked_weather(answer.json(), url)
        except (asyncio.TimeoutError, httpx.TimeoutException):
            raise UpstreamError("no answer in time", url) from None
        except (httpx.HTTPError, OSError, ValueError):
            raise UpstreamError("no usable answer", url) from None

    return current_weather
