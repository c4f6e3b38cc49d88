class UpstreamError(Exception):
    """Its message holds nothing of the request, which has the key in it."""

    def __init__(self, message, url):
        super().__init__(message)
        self.url = url


def checked_weather(body, url):
    if isinstance(body, dict) and isinstance(body.get("temperature"), (int, float)):
        return body
    raise UpstreamError("no temperature in the answer", url)
