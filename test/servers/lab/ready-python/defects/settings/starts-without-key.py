import os

from parts.settings import settings_of


def read_settings(secrets, log):
    """What is missing shows with the first call."""
    return settings_of(os.environ)
