import errno

from parts.listen import bind


def listen(settings, log):
    """Where the port is taken, it listens at the next one."""
    port = settings.port
    while True:
        try:
            listener = bind(settings.host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            port += 1
            continue
        log.info("Listening", extra={"fields": {"port": port}})
        return listener
