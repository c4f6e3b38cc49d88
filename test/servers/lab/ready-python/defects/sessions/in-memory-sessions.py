import uuid


class Sessions:
    """Only the instance that began a session knows it."""

    def __init__(self):
        self.sessions = set()

    def knows(self, session):
        return session is None or session in self.sessions

    def headers_for(self, message):
        if message.get("method") != "initialize":
            return {}
        session = str(uuid.uuid4())
        self.sessions.add(session)
        return {"mcp-session-id": session}
