import time

from parts.webhook import Webhook

FAILURES_IN_A_ROW = 3
QUIET = 60


class Alerts:
    """Tells the webhook when calls fail one after the other, at most once a minute."""

    def __init__(self, settings, log):
        self.webhook = Webhook(settings.alert_webhook_url, log)
        self.in_a_row = 0
        self.quiet_until = 0

    def observe(self, facts):
        if facts["outcome"] == "ok":
            self.in_a_row = 0
        if facts["outcome"] != "failed":
            return
        self.in_a_row += 1
        if self.in_a_row < FAILURES_IN_A_ROW or time.monotonic() < self.quiet_until:
            return
        self.quiet_until = time.monotonic() + QUIET
        self.webhook.post(f"{facts['tool']} failed {self.in_a_row} times in a row: {facts['error']}")
