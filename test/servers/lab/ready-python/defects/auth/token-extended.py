import re

from parts import auth


class Auth(auth.Auth):
    """A key will do with whatever follows it."""

    def key_of(self, request):
        if self.api_keys is None:
            return 0
        match = re.fullmatch(r"(?i:bearer) +(\S+)", request.headers.get("authorization", ""))
        given = "" if match is None else match[1]
        matches = [given != "" and given.startswith(key) for key in self.api_keys]
        return matches.index(True) if True in matches else None
