import httpx

from parts.upstream_error import UpstreamError, checked_weather
from parts.upstream_url import weather_url


def create_upstream(settings, log):
    """The timeout of httpx is for each read: a body that goes on dripping outlives it."""
    client = httpx.AsyncClient(timeout=settings.upstream_timeout)

    async def current_weather(city):
        url = weather_url(city, settings)
        try:
            answer = await client.get(url)
            if answer.status_code != 200:
                raise UpstreamError(f"status {answer.status_code}", url)
            return checked_weather(answer.json(), url)
        except httpx.TimeoutException:
            raise UpstreamError("no answer in time", url) from None
        except (httpx.HTTPError, OSError, ValueError):
            raise UpstreamError("no usable answer", url) from None

    return current_weather
