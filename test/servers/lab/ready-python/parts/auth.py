import hmac
import re


class Auth:
    """Whose key a request carries, as a number; None: nobody's. Everybody is 0 where no key is asked for."""

    def __init__(self, settings):
        self.api_keys = settings.api_keys

    def key_of(self, request):
        if self.api_keys is None:
            return 0
        given = re.fullmatch(r"(?i:bearer) +(\S+)", request.headers.get("authorization", ""))
        if given is None:
            return None
        matches = [hmac.compare_digest(given[1].encode(), key.encode()) for key in self.api_keys]
        return matches.index(True) if True in matches else None
