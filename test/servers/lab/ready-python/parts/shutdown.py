import asyncio

import uvicorn

BOUND = 5


class Server(uvicorn.Server):
    """On SIGTERM and SIGINT: nothing new is taken, what was begun is ended, and the process is over."""

    def __init__(self, config, drain, streams, log):
        super().__init__(config)
        self.drain = drain
        self.streams = streams
        self.log = log

    def handle_exit(self, sig, frame):
        if self.drain.begun:
            return
        self.drain.begun = True
        self.log.info("Draining")
        self.streams.end_all()
        # uvicorn waits for connections without a limit.
        asyncio.get_running_loop().call_later(BOUND, self.give_up)
        super().handle_exit(sig, frame)

    def give_up(self):
        self.force_exit = True


def create_server(config, drain, streams, log):
    return Server(config, drain, streams, log)
