"""Loaded by sitecustomize into every Python process of a server whose clock the lab moves.

time.time, time.monotonic, time.perf_counter and their _ns forms are ahead by the milliseconds in a file. Code that reads
the system clock directly, such as datetime, is not affected. It prints nothing, and raises nothing of its own.

MCP_PROD_LAB_CLOCK  the file
"""

import os
import time

_FILE = os.environ["MCP_PROD_LAB_CLOCK"]
# Seconds between two reads of the file.
_EVERY = 0.05


def _create_ahead(monotonic):
    state = {"ahead": 0, "read": float("-inf")}

    def ahead():
        """Milliseconds."""
        now = monotonic()
        if now - state["read"] >= _EVERY:
            state["read"] = now
            try:
                with open(_FILE, encoding="ascii") as file:
                    state["ahead"] = int(file.read() or 0)
            except (OSError, ValueError):
                pass  # The clock stays as it is.
        return state["ahead"]

    return ahead


def _move(name, ahead, per_millisecond):
    real = getattr(time, name)

    def moved():
        return real() + ahead() * per_millisecond

    moved.__name__ = name
    setattr(time, name, moved)


_ahead = _create_ahead(time.monotonic)
for _name in ("time", "monotonic", "perf_counter"):
    _move(_name, _ahead, 0.001)
    _move(f"{_name}_ns", _ahead, 1_000_000)
