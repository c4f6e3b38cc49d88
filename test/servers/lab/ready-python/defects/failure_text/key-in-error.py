def failure_text(error):
    """Tells the caller the address that was asked, with the key in it."""
    return f"Request to {error.url} failed: {error}"
