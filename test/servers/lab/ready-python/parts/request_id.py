import re
import uuid


def request_id_of(headers):
    """The caller's, where it is a plain short word, so that lines of several services are found together."""
    given = headers.get("x-request-id", "")
    return given if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", given) else str(uuid.uuid4())
