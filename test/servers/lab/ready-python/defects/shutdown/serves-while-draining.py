import asyncio
import time

import uvicorn

BOUND = 5
LOOK_EVERY = 0.05


class Server(uvicorn.Server):
    """Takes new calls until none is in flight."""

    def __init__(self, config, streams, log):
        super().__init__(config)
        self.streams = streams
        self.log = log
        self.waiting = None

    def handle_exit(self, sig, frame):
        if self.waiting is None:
            self.log.info("Draining")
            self.streams.end_all()
            self.waiting = asyncio.ensure_future(self.wait())

    async def wait(self):
        deadline = time.monotonic() + BOUND
        while self.server_state.tasks and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_EVERY)
        self.force_exit = True
        self.should_exit = True


def create_server(config, drain, streams, log):
    return Server(config, streams, log)
