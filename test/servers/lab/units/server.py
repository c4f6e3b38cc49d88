"""As server.mjs: weather in a city, in units, from a cache whose key is made by KEY."""

import json
import os
import sys
import uuid
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parent.parent))
from one_tool import serve_tool  # noqa: E402

CONVERTS = "CONVERTS" in os.environ
UPSTREAM = "https://api.weather.test/v1"
KEYS = {
    "all": lambda city, units: (city, units),
    "city": lambda city, units: city,
    "units": lambda city, units: units,
    "prefix": lambda city, units: (city[:3], units),
}
key_of = KEYS[os.environ.get("KEY", "all")]
cache = {}


def get_json(path, **query):
    with urlopen(f"{UPSTREAM}{path}?{urlencode(query)}", timeout=3) as response:
        return json.load(response)


def call(city, units="metric"):
    if "TOKEN" in os.environ:
        get_json("/token", nonce=uuid.uuid4())
    key = key_of(city, units)
    if key not in cache:
        query = {"city": city} if CONVERTS else {"city": city, "units": units}
        cache[key] = get_json("/current", **query)["temperature"]
    degrees = cache[key] * 1.8 + 32 if CONVERTS and units == "imperial" else cache[key]
    return f"{city}: {degrees} degrees, {units}"


serve_tool(
    "get_weather",
    call,
    {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "units": {"enum": ["metric", "imperial"], "default": "metric"},
        },
        "required": ["city"],
    },
)
