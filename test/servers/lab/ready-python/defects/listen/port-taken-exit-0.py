import sys

from parts.listen import bind


def listen(settings, log):
    """Says that it listens before it does, and is over without a word when it cannot."""
    log.info("Listening", extra={"fields": {"port": settings.port}})
    try:
        return bind(settings.host, settings.port)
    except OSError:
        sys.exit(0)
