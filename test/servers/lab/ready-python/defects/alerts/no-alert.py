class Alerts:
    """Nobody is told."""

    def __init__(self, settings, log):
        pass

    def observe(self, facts):
        pass
