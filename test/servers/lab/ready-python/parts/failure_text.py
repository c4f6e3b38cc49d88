def failure_text(error):
    """What the caller is told when the weather could not be had."""
    return f"The weather service gave no answer that could be used ({error}). Try again in a minute."
