from parts import rate_limit


class RateLimit(rate_limit.RateLimit):
    """One client uses up what all have together."""

    def wait(self, client):
        return super().wait("everybody")
