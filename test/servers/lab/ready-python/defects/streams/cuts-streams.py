from parts import streams


class Streams(streams.Streams):
    """Breaks event streams off in the place of ending them."""

    async def events(self):
        async for event in super().events():
            yield event
        raise ConnectionAbortedError
