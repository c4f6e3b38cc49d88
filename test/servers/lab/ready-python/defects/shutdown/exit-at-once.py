import os
import sys

import uvicorn


class Server(uvicorn.Server):
    """Calls in flight are cut."""

    def handle_exit(self, sig, frame):
        sys.stdout.flush()
        os._exit(0)


def create_server(config, drain, streams, log):
    return Server(config)
