import asyncio

from parts.health import health_answer
from parts.upstream_error import UpstreamError

ATTEMPTS = 3
WAIT = 0.5


class Health:
    """Asks the upstream several times for everyone who asks."""

    def __init__(self, probe, settings):
        self.probe = probe

    async def look(self):
        attempts = [asyncio.ensure_future(self.ask()) for _ in range(ATTEMPTS)]
        done, _ = await asyncio.wait(attempts, timeout=WAIT)
        return health_answer(any(attempt.result() for attempt in done))

    async def ask(self):
        try:
            await self.probe()
            return True
        except UpstreamError:
            return False
