import threading

from parts import stdio_shutdown


class Shutdown(stdio_shutdown.Shutdown):
    """Ends everything as it should, but for a thread that keeps the process alive."""

    def __init__(self, log):
        super().__init__(log)
        threading.Thread(target=threading.Event().wait).start()
