import json
from http.client import HTTPSConnection
from urllib.parse import urlsplit


def get_json(url, limit):
    parts = urlsplit(url)
    connection = HTTPSConnection(parts.netloc, timeout=limit)
    connection.request("GET", f"{parts.path}?{parts.query}")
    response = connection.getresponse()
    if response.status != 200:
        raise OSError(f"HTTP {response.status}")
    return json.load(response)
