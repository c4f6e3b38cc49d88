from parts import health


class Health(health.Health):
    """One failure after it was well is remembered for ever."""

    well = False
    failed = None

    async def look(self):
        status, body = await super().look()
        self.well = self.well or status == 200
        if self.well and status != 200 and self.failed is None:
            self.failed = (status, body)
        return self.failed or (status, body)
