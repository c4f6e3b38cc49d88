def failure_text(error):
    """What the caller is told when the weather could not be had: no internals, but what was asked where."""
    asked = "GET /v1/current at api.weather.test"
    return f"The weather service ({asked}) gave no answer that could be used ({error}). Try again in a minute."
