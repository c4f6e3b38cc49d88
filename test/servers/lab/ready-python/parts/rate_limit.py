import math
import time

MAX_CLIENTS = 10_000


class RateLimit:
    """Counts requests in windows that begin with a client's first one."""

    def __init__(self, settings):
        self.limit = settings.rate_limit
        self.window = settings.rate_window
        self.windows = {}

    def wait(self, client):
        """Seconds to wait; 0: go on."""
        now = time.monotonic()
        end, count = self.windows.get(client, (0, 0))
        if now >= end:
            if len(self.windows) >= MAX_CLIENTS:
                self.windows = {name: window for name, window in self.windows.items() if now < window[0]}
            end, count = now + self.window, 0
        self.windows[client] = (end, count + 1)
        return 0 if count < self.limit else math.ceil(end - now)

    def answered(self, client, status):
        """Every request counts, whatever its answer."""
