import threading

from parts import shutdown


def create_server(config, drain, streams, log):
    """Ends everything as it should, but for a thread that keeps the process alive."""
    threading.Thread(target=threading.Event().wait).start()
    return shutdown.create_server(config, drain, streams, log)
