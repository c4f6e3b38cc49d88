import os


def guard(loop, log):
    """Whatever the loop tells ends the process, also that a connection could not be accepted."""
    loop.set_exception_handler(lambda _loop, _context: os._exit(1))
