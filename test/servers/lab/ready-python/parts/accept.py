def guard(loop):
    """asyncio tells of a connection that could not be accepted, and accepts again a second later: nothing to add."""
