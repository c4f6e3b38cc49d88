import sys

from parts import log


def create_log(stream):
    """Writes to stdout whatever it is told: over stdio, in between the messages."""
    return log.create_log(sys.stdout)
