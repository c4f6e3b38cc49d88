from urllib.parse import urlencode


def weather_url(city, settings):
    query = urlencode({"city": city, "key": settings.weather_api_key})
    return f"https://api.weather.test/v1/current?{query}"
