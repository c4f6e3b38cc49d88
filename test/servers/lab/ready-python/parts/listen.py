import errno
import socket
import sys


def listen(settings, log):
    """The socket, bound; ends the process when it cannot be."""
    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        fields = {"port": settings.port, "error": errno.errorcode.get(error.errno, "OSError")}
        log.error("Cannot listen", extra={"fields": fields})
        sys.exit(1)
    log.info("Listening", extra={"fields": {"port": settings.port}})
    return listener


def bind(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener
