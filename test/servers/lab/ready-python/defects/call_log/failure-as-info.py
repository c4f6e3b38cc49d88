def log_call(log, facts):
    """One line for each call of a tool, all of one level."""
    log.info("Tool call", extra={"fields": facts})
