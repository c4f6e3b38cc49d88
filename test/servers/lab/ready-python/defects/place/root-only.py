import os
import sys
from pathlib import Path


def prepare(log):
    """Tries whether it can keep files in a directory where only root can."""
    file = Path(f"/var/lib/ready-{os.getpid()}.tmp")
    try:
        file.touch()
    except OSError as error:
        log.error("Cannot write to /var/lib", extra={"fields": {"error": type(error).__name__}})
        sys.exit(1)
    file.unlink()
