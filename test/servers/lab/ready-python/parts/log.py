import json
import logging
from datetime import datetime, timezone


class JsonLines(logging.Formatter):
    """One object of JSON a line, also for what libraries tell; of an exception, its kind alone."""

    def format(self, record):
        line = {
            "time": datetime.now(timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "message": record.getMessage().strip(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line)


def create_log(stream):
    return log_with(logging.StreamHandler(stream), JsonLines())


def log_with(handler, formatter):
    """Everything goes to one handler; httpx, which would log addresses with keys in them, tells failures alone."""
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return logging.getLogger("ready")
