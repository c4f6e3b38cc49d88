import traceback


def failure_text(error):
    """Tells the caller where in the program the error came from."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))
