import traceback

from parts import service


class Service(service.Service):
    """Tells whoever asks where an error came from."""

    async def answer(self, message, request_id):
        reply = await super().answer(message, request_id)
        if reply is not None and "error" in reply:
            try:
                raise ValueError(reply["error"]["message"])
            except ValueError:
                reply["error"]["data"] = traceback.format_exc()
        return reply
