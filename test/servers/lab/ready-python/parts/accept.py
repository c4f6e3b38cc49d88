import time

QUIET = 1


def guard(loop, log):
    """asyncio tries again a second after a connection could not be accepted, and tells of it hundreds of times."""
    quiet_until = {}

    def tell(_loop, context):
        kind = type(context.get("exception")).__name__
        if time.monotonic() < quiet_until.get(kind, 0):
            return
        quiet_until[kind] = time.monotonic() + QUIET
        message = context["message"].partition("\n")[0]
        log.error(message, extra={"fields": {"error": kind}})

    loop.set_exception_handler(tell)
