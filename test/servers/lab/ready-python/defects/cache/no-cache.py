from parts import cache


class Cache(cache.Cache):
    """Nothing is kept; equal requests in flight share one load."""

    def keep(self, key, value):
        pass
