import logging

LEVELS = {"ok": logging.INFO, "invalid": logging.WARNING, "failed": logging.ERROR}


def log_call(log, facts):
    """One line for each call of a tool."""
    log.log(LEVELS[facts["outcome"]], "Tool call", extra={"fields": facts})
