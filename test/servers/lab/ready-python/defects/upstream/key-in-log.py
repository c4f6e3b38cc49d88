from parts import upstream
from parts.upstream_url import weather_url


def create_upstream(settings, log):
    """Logs what it asks for, with the key in it."""
    current_weather = upstream.create_upstream(settings, log)

    async def logged(city):
        log.info("Asking upstream", extra={"fields": {"url": weather_url(city, settings)}})
        return await current_weather(city)

    return logged
