import logging
from datetime import datetime, timezone

from parts.log import log_with


class Lines(logging.Formatter):
    """Looks like JSON until a value has a quote or a new line in it."""

    def format(self, record):
        time = datetime.now(timezone.utc).isoformat()
        level = record.levelname.lower()
        rest = "".join(f', "{name}": "{value}"' for name, value in getattr(record, "fields", {}).items())
        return f'{{"time": "{time}", "level": "{level}", "message": "{record.getMessage().strip()}"{rest}}}'


def create_log(stream):
    return log_with(logging.StreamHandler(stream), Lines())
