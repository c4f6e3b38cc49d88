import asyncio
import os
import signal


class Shutdown:
    """Calls in flight are cut."""

    def __init__(self, log):
        self.asked = asyncio.Event()
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sig, os._exit, 0)

    def track(self, call):
        pass

    async def drain(self):
        os._exit(0)
