def log_call(log, facts):
    """Nothing is told of a call."""
