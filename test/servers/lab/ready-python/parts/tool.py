import os

# CITY_LENGTH makes the argument shorter. CITY_LINES=refused forbids control characters, and the schema does not say so.
CITY_LENGTH = int(os.environ.get("CITY_LENGTH", "200"))

TOOL = {
    "name": "get_weather",
    "title": "Weather",
    "description": "The current temperature in a city, in degrees Celsius.",
    "annotations": {"readOnlyHint": True, "openWorldHint": True},
    "inputSchema": {
        "type": "object",
        "properties": {
            "city": {
                "type": "string",
                "minLength": 1,
                "maxLength": CITY_LENGTH,
                "description": "Name of the city, such as London",
            },
        },
        "required": ["city"],
        "additionalProperties": False,
    },
}


def problem_of(words):
    """What is wrong with the arguments of a call; None: nothing."""
    if not isinstance(words, dict):
        return "arguments: must be an object"
    if any(name != "city" for name in words):
        return 'arguments: "city" is the only one'
    city = words.get("city")
    if not isinstance(city, str):
        return "city: must be a string"
    if not city.strip() or len(city) > CITY_LENGTH:
        return f"city: must have 1 to {CITY_LENGTH} characters"
    if os.environ.get("CITY_LINES") == "refused" and any(character < " " for character in city):
        return "city: must be one line"
    # Half of a surrogate pair has no form in UTF-8.
    if any("\ud800" <= character <= "\udfff" for character in city):
        return "city: must be text"
    return None
