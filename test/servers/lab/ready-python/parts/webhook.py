import asyncio

import httpx


class Webhook:
    """Nobody waits for it, and its address, which is a secret, is in no line."""

    def __init__(self, url, log):
        self.url = url
        self.log = log
        # The loop alone would not keep them alive.
        self.posts = set()

    def post(self, text):
        if not self.url:
            return
        task = asyncio.ensure_future(self.send(text))
        self.posts.add(task)
        task.add_done_callback(self.posts.discard)

    async def send(self, text):
        try:
            async with httpx.AsyncClient(timeout=3) as client:
                answer = await asyncio.wait_for(client.post(self.url, json={"text": text}), 3)
            if answer.status_code >= 300:
                self.log.warning("The alert was refused", extra={"fields": {"status": answer.status_code}})
        except (asyncio.TimeoutError, httpx.HTTPError, OSError) as error:
            self.log.warning("The alert did not arrive", extra={"fields": {"error": type(error).__name__}})
