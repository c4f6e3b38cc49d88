from parts import upstream
from parts.upstream_error import UpstreamError


def create_upstream(settings, log):
    """What went wrong stands where the weather should, as if it were an answer."""
    current_weather = upstream.create_upstream(settings, log)

    async def answered(city):
        try:
            return await current_weather(city)
        except UpstreamError as error:
            return {"temperature": f"Weather unavailable ({error})"}

    return answered
