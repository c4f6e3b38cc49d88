from parts.health import health_answer


class Health:
    """Is well as long as it can say so."""

    def __init__(self, probe, settings):
        pass

    async def look(self):
        return health_answer(True)
