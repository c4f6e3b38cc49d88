import time

import requests

from parts.upstream_error import UpstreamError, checked_weather
from parts.upstream_url import weather_url


def create_upstream(settings, log):
    """Keeps to the time limit, and does it with a client that stops everything else meanwhile."""

    async def current_weather(city):
        url = weather_url(city, settings)
        deadline = time.monotonic() + settings.upstream_timeout
        try:
            with requests.get(url, timeout=settings.upstream_timeout, stream=True) as answer:
                if answer.status_code != 200:
                    raise UpstreamError(f"status {answer.status_code}", url)
                return checked_weather(read_json(answer, deadline), url)
        except (TimeoutError, requests.Timeout):
            raise UpstreamError("no answer in time", url) from None
        except (requests.RequestException, OSError, ValueError):
            raise UpstreamError("no usable answer", url) from None

    return current_weather


def read_json(answer, deadline):
    chunks = []
    for chunk in answer.iter_content(1):
        if time.monotonic() > deadline:
            raise TimeoutError
        chunks.append(chunk)
    return requests.compat.json.loads(b"".join(chunks))
