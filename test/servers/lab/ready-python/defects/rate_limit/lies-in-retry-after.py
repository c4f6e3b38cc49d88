from parts import rate_limit


class RateLimit(rate_limit.RateLimit):
    """Says that a second is enough, whatever is left of the window."""

    def wait(self, client):
        return min(1, super().wait(client))
