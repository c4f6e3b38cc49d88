# Ends at the start with an exception that nothing catches, unless it has its key.
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class ConfigError(Exception):
    pass


def read_key():
    try:
        return os.environ["AIRTABLE_API_KEY"]
    except KeyError as error:
        raise ConfigError("AIRTABLE_API_KEY is not set") from error


read_key()
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()
