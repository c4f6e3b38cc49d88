import json

from parts import endpoint


class Endpoint(endpoint.Endpoint):
    """Answers all requests of an array, which the limit has counted as one."""

    async def answer(self, request, request_id):
        messages = await array_in(request) if request.method == "POST" else None
        if messages is None:
            return await super().answer(request, request_id)
        replies = [await self.service.answer(message, request_id) for message in messages]
        return endpoint.json_response([reply for reply in replies if reply is not None], 200)


async def array_in(request):
    try:
        messages = json.loads(await request.body())
    except (ValueError, RecursionError):
        return None
    return messages if isinstance(messages, list) and messages else None
