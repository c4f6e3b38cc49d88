from collections import Counter

from parts.tool import TOOL

BOUNDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5)
OUTCOMES = ("ok", "invalid", "failed")


class Metrics:
    """Counts calls, and writes them down as Prometheus reads them (text format 0.0.4)."""

    def __init__(self):
        # There from the start, so that the first failure is an increase.
        self.calls = Counter({(TOOL["name"], outcome): 0 for outcome in OUTCOMES})
        self.buckets = Counter()
        self.seconds = 0.0
        self.count = 0

    def observe(self, facts):
        self.calls[facts["tool"], facts["outcome"]] += 1
        seconds = facts["duration_ms"] / 1000
        for bound in BOUNDS:
            self.buckets[bound] += seconds <= bound
        self.seconds += seconds
        self.count += 1

    def text(self):
        calls = (
            f'mcp_tool_calls_total{{tool="{tool}",outcome="{outcome}"}} {value}'
            for (tool, outcome), value in self.calls.items()
        )
        lines = [
            "# HELP mcp_tool_calls_total Tool calls by outcome.",
            "# TYPE mcp_tool_calls_total counter",
            *calls,
            "# HELP mcp_tool_call_duration_seconds How long tool calls took.",
            "# TYPE mcp_tool_call_duration_seconds histogram",
            *(f'mcp_tool_call_duration_seconds_bucket{{le="{bound}"}} {self.buckets[bound]}' for bound in BOUNDS),
            f'mcp_tool_call_duration_seconds_bucket{{le="+Inf"}} {self.count}',
            f"mcp_tool_call_duration_seconds_sum {self.seconds}",
            f"mcp_tool_call_duration_seconds_count {self.count}",
        ]
        return "\n".join(lines) + "\n"
