class Drain:
    """Whether the server is about to end, so that nothing new is taken."""

    begun = False
