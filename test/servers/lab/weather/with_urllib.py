import json
from urllib.request import urlopen


def get_json(url, limit):
    with urlopen(url, timeout=limit) as response:
        return json.load(response)
