from parts import health
from parts.upstream_url import weather_url


class Health(health.Health):
    """Tells everybody what it asks, with the key in it."""

    def __init__(self, probe, settings):
        super().__init__(probe, settings)
        self.checked = weather_url("London", settings)

    async def look(self):
        status, body = await super().look()
        return status, {**body, "checked": self.checked}
