import asyncio
import signal

from parts import stdio_shutdown


class Shutdown(stdio_shutdown.Shutdown):
    """Ends with the input; at a signal, the system ends the process as it does by default."""

    def __init__(self, log):
        super().__init__(log)
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(sig)
