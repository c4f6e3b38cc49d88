import logging


def create_log(stream):
    """JSON by the format string of basicConfig, and values in the message: a quote in one ends the line."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(tell_fields)
    logging.basicConfig(
        handlers=[handler],
        level=logging.INFO,
        format='{"time":"%(asctime)s","level":"%(levelname)s","message":"%(message)s"}',
        force=True,
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return logging.getLogger("ready")


def tell_fields(record):
    fields = getattr(record, "fields", {})
    record.msg = " ".join([record.getMessage().strip(), *(f"{name}={value}" for name, value in fields.items())])
    record.args = ()
    return True
