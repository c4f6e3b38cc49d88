import httpx

from parts.health import health_answer
from parts.upstream_url import weather_url


class Health:
    """Waits for the upstream for as long as it takes."""

    def __init__(self, probe, settings):
        self.client = httpx.AsyncClient(timeout=None)
        self.url = weather_url("London", settings)

    async def look(self):
        try:
            answer = await self.client.get(self.url)
            return health_answer(answer.status_code == 200)
        except httpx.HTTPError:
            return health_answer(False)
