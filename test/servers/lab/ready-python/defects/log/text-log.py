import json
import logging
from datetime import datetime, timezone

from parts.log import log_with


class Lines(logging.Formatter):
    """Lines for people: nothing is forged in them, and no machine reads them."""

    def format(self, record):
        time = datetime.now(timezone.utc).isoformat()
        rest = "".join(f" {name}={json.dumps(value)}" for name, value in getattr(record, "fields", {}).items())
        return f"{time} {record.levelname} {record.getMessage().strip()}{rest}"


def create_log(stream):
    return log_with(logging.StreamHandler(stream), Lines())
