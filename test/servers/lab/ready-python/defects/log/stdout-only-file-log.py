import logging
import tempfile
from pathlib import Path

from parts.log import JsonLines, log_with


def create_log(stream):
    """Writes to a file, which nobody collects; the standard streams stay empty."""
    return log_with(logging.FileHandler(Path(tempfile.gettempdir()) / "ready.log"), JsonLines())
