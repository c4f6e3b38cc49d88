from parts.webhook import Webhook


class Alerts:
    """Tells of every failure."""

    def __init__(self, settings, log):
        self.webhook = Webhook(settings.alert_webhook_url, log)

    def observe(self, facts):
        if facts["outcome"] == "failed":
            self.webhook.post(f"{facts['tool']} failed: {facts['error']}")
