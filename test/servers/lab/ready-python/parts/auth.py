import hmac
import re


class Auth:
    """Whether a request may pass: with the one key, or where none is asked for."""

    def __init__(self, settings):
        self.api_key = settings.api_key

    def may_pass(self, request):
        if self.api_key is None:
            return True
        given = re.fullmatch(r"(?i:bearer) +(\S+)", request.headers.get("authorization", ""))
        return given is not None and hmac.compare_digest(given[1].encode(), self.api_key.encode())
