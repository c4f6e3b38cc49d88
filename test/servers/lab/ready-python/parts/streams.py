import asyncio

from starlette.responses import StreamingResponse

HEARTBEAT = 15


class Streams:
    """Event streams that are held open; nothing is told on them but that they live."""

    def __init__(self):
        self.over = asyncio.Event()

    def open(self):
        return StreamingResponse(self.events(), media_type="text/event-stream", headers={"cache-control": "no-cache"})

    async def events(self):
        yield ": open\n\n"
        while not self.over.is_set():
            try:
                await asyncio.wait_for(self.over.wait(), HEARTBEAT)
            except asyncio.TimeoutError:
                yield ": alive\n\n"

    def end_all(self):
        self.over.set()
