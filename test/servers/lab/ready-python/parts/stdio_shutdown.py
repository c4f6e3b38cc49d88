import asyncio
import signal

BOUND = 5


class Shutdown:
    """At the end of input, on SIGTERM and SIGINT: calls in flight are ended, and the process is over."""

    def __init__(self, log):
        self.log = log
        self.asked = asyncio.Event()
        self.calls = set()
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sig, self.asked.set)

    def track(self, call):
        self.calls.add(call)
        call.add_done_callback(self.calls.discard)

    async def drain(self):
        self.log.info("Draining")
        if self.calls:
            await asyncio.wait(self.calls, timeout=BOUND)
        self.log.info("Stopped")
