import os

from parts import stdio_transport


async def serve(service, shutdown, log):
    """Dies of a line that is no JSON."""
    stdio_transport.parse_error = lambda: os._exit(1)
    await stdio_transport.serve(service, shutdown, log)
