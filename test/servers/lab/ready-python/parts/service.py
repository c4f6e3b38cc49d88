import time

from part import part
from parts.protocol import answer_message
from parts.tool import TOOL, problem_of
from parts.upstream_error import UpstreamError


class Service:
    """What both transports serve: answers to messages, made of what the other parts do."""

    def __init__(self, settings, log):
        self.log = log
        self.current_weather = part("upstream").create_upstream(settings, log)
        self.cache = part("cache").Cache()
        self.metrics = part("metrics").Metrics()
        self.alerts = part("alerts").Alerts(settings, log)
        self.failure_text = part("failure_text").failure_text
        self.log_call = part("call_log").log_call

    async def answer(self, message, request_id):
        """None for what needs no answer."""
        return await answer_message(message, lambda words: self.call(words, request_id), self.log)

    async def call(self, words, request_id):
        begin = time.perf_counter()
        outcome, text, error = await self.run(words)
        facts = {
            "request_id": request_id,
            "tool": TOOL["name"],
            # What was refused is not logged.
            "city": None if outcome == "invalid" else words["city"],
            "outcome": outcome,
            "error": error,
            "duration_ms": round((time.perf_counter() - begin) * 1000),
        }
        facts = {name: value for name, value in facts.items() if value is not None}
        self.log_call(self.log, facts)
        self.metrics.observe(facts)
        self.alerts.observe(facts)
        content = {"content": [{"type": "text", "text": text}]}
        return content if outcome == "ok" else {**content, "isError": True}

    async def run(self, words):
        problem = problem_of(words)
        if problem is not None:
            return "invalid", f"Invalid arguments: {problem}", problem
        city = words["city"]
        try:
            weather = await self.cache.get(city, lambda: self.current_weather(city))
            return "ok", f"{weather['temperature']} °C", None
        except UpstreamError as error:
            return "failed", self.failure_text(error), str(error)
