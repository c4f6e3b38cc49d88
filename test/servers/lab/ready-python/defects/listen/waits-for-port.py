import time

from parts.listen import bind


def listen(settings, log):
    """Tries again for ever, and neither serves nor ends meanwhile."""
    while True:
        try:
            listener = bind(settings.host, settings.port)
        except OSError:
            log.warning("Cannot listen", extra={"fields": {"port": settings.port}})
            time.sleep(1)
            continue
        log.info("Listening", extra={"fields": {"port": settings.port}})
        return listener
