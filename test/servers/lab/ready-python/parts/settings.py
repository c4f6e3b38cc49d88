import os
import re
import sys
from types import SimpleNamespace
from urllib.parse import urlsplit

NUMBERS = {"PORT": 3000, "RATE_LIMIT": 60, "RATE_WINDOW": 60, "UPSTREAM_TIMEOUT_MS": 1500}


def read_settings(secrets, log):
    """Ends the process with a line that names every variable that is missing or wrong."""
    env = os.environ
    webhook = env.get("ALERT_WEBHOOK_URL")
    problems = [
        *(f"{name} is missing" for name in secrets if not env.get(name, "").strip()),
        *(
            f"{name} is no positive number"
            for name in NUMBERS
            if env.get(name) and not re.fullmatch(r"[1-9][0-9]{0,8}", env[name])
        ),
        *(["ALERT_WEBHOOK_URL is no URL"] if webhook and not urlsplit(webhook).netloc else []),
    ]
    if problems:
        log.error("Invalid settings: %s", ", ".join(problems))
        sys.exit(1)
    return settings_of(env)


def settings_of(env):
    def number(name):
        return int(env.get(name) or NUMBERS[name])

    return SimpleNamespace(
        port=number("PORT"),
        host=env.get("HOST") or "127.0.0.1",
        weather_api_key=env.get("WEATHER_API_KEY", ""),
        # One for each client; None: everybody may call.
        api_keys=None if env.get("MCP_AUTH") == "none" else env.get("MCP_API_KEY", "").split(","),
        rate_limit=number("RATE_LIMIT"),
        rate_window=number("RATE_WINDOW"),
        upstream_timeout=number("UPSTREAM_TIMEOUT_MS") / 1000,
        alert_webhook_url=env.get("ALERT_WEBHOOK_URL"),
    )
