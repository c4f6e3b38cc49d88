from parts import service


class Service(service.Service):
    """Takes whatever stands in the arguments for a city."""

    async def call(self, words, request_id):
        city = words.get("city", "London") if isinstance(words, dict) else "London"
        return await super().call({"city": str(city)}, request_id)
