from collections import Counter


class RateLimit:
    """Only requests that fail count."""

    def __init__(self, settings):
        self.limit = settings.rate_limit
        self.window = settings.rate_window
        self.failures = Counter()

    def wait(self, client):
        return self.window if self.failures[client] >= self.limit else 0

    def answered(self, client, status):
        self.failures[client] += status >= 400
