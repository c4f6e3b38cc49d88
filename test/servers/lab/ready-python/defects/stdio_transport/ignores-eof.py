import asyncio

from parts import stdio_transport


async def serve(service, shutdown, log):
    """Lives on when the client has gone away, until a signal comes."""
    drain = shutdown.drain

    async def drain_when_asked():
        await shutdown.asked.wait()
        await drain()

    shutdown.drain = drain_when_asked
    await stdio_transport.serve(service, shutdown, log)
