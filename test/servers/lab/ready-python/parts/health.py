import asyncio
import time

from parts.upstream_error import UpstreamError

KEPT = 1
WAIT = 0.5


class Health:
    """Whether the upstream answers. However many ask, it is asked once a second at most, and nobody waits for long."""

    def __init__(self, probe, settings):
        self.probe = probe
        self.last = (False, 0)
        self.running = None

    async def look(self):
        ok, until = self.last
        if time.monotonic() < until:
            return health_answer(ok)
        if self.running is None:
            self.running = asyncio.ensure_future(self.ask())
        done, _ = await asyncio.wait([self.running], timeout=WAIT)
        return health_answer(all(task.result() for task in done) if done else False)

    async def ask(self):
        try:
            await self.probe()
            ok = True
        except UpstreamError:
            ok = False
        finally:
            self.running = None
        self.last = (ok, time.monotonic() + KEPT)
        return ok


def health_answer(ok):
    body = {"status": "ok" if ok else "unavailable", "upstream": "ok" if ok else "not reachable"}
    return (200 if ok else 503), body
