class RateLimit:
    """Everybody may go on for ever."""

    def __init__(self, settings):
        pass

    def wait(self, client):
        return 0

    def answered(self, client, status):
        pass
