import json
import re

from part import part
from parts.body import read_body
from parts.protocol import REVISIONS
from starlette.responses import Response

LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


class Endpoint:
    """The Streamable HTTP endpoint: every guard is asked in turn whether it refuses a request."""

    def __init__(self, settings, log, streams, service, limit, sessions):
        self.settings = settings
        self.log = log
        self.streams = streams
        self.service = service
        self.limit = limit
        self.sessions = sessions
        self.auth = part("auth").Auth(settings)
        self.client_of = part("client").client_of
        self.request_id_of = part("request_id").request_id_of
        self.guards = (
            self.origin,
            self.host,
            self.credential,
            self.rate,
            self.method,
            self.revision,
            self.session,
            self.accept,
            self.type,
        )

    async def __call__(self, request):
        request_id = self.request_id_of(request.headers)
        response = self.refusal(request, request_id) or await self.answer(request, request_id)
        client = self.client_of(request, self.auth.key_of(request), self.settings)
        self.limit.answered(client, response.status_code)
        response.headers["x-content-type-options"] = "nosniff"
        if request_id is not None:
            response.headers["x-request-id"] = request_id
        return response

    def refusal(self, request, request_id):
        for guard in self.guards:
            refused = guard(request)
            if refused is not None:
                status, reason, headers = (*refused, {})[:3]
                fields = {"request_id": request_id, "status": status, "reason": reason}
                self.log.warning("Refused", extra={"fields": fields})
                return rpc_error(status, -32000, reason, headers)
        return None

    async def answer(self, request, request_id):
        if request.method == "GET":
            return self.streams.open()
        body = await read_body(request)
        if body is None:
            return rpc_error(413, -32000, "Body too long", {"connection": "close"})
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            return rpc_error(400, -32700, "Parse error")
        reply = await self.service.answer(message, request_id)
        if reply is None:
            return Response(status_code=202)
        status = 400 if reply.get("error", {}).get("code") == -32600 else 200
        return json_response(reply, status, self.sessions.headers_for(message))

    def origin(self, request):
        origin = request.headers.get("origin")
        local = origin is None or LOCAL_HOST.fullmatch(re.sub(r"^https?://", "", origin))
        return None if local else (403, "Origin not allowed")

    def host(self, request):
        # Names of other sites lead to loopback too (DNS rebinding); elsewhere a proxy decides by them.
        foreign = self.settings.host == "127.0.0.1" and not LOCAL_HOST.fullmatch(request.headers.get("host", ""))
        return (403, "Host not allowed") if foreign else None

    def credential(self, request):
        wanted = {"www-authenticate": 'Bearer realm="ready"'}
        return (401, "Unauthorized", wanted) if self.auth.key_of(request) is None else None

    def rate(self, request):
        seconds = self.limit.wait(self.client_of(request, self.auth.key_of(request), self.settings))
        return (429, "Too many requests", {"retry-after": str(seconds)}) if seconds else None

    def method(self, request):
        return None if request.method in ("GET", "POST") else (405, "Method not allowed", {"allow": "GET, POST"})

    def revision(self, request):
        given = request.headers.get("mcp-protocol-version", REVISIONS[0])
        return None if given in REVISIONS else (400, f"Unsupported protocol version (supported: {', '.join(REVISIONS)})")

    def session(self, request):
        return None if self.sessions.knows(request.headers.get("mcp-session-id")) else (404, "Session not found")

    def accept(self, request):
        wanted = request.method == "GET" and "text/event-stream" not in request.headers.get("accept", "")
        return (406, "Only text/event-stream here") if wanted else None

    def type(self, request):
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        wrong = request.method == "POST" and given != "application/json"
        return (415, "Only application/json here") if wrong else None


def rpc_error(status, code, message, headers=None):
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
    return json_response(body, status, headers)


def json_response(body, status, headers=None):
    # Starlette's own does not escape, and half of a surrogate pair in an id has no form in UTF-8.
    return Response(json.dumps(body), status, headers=headers, media_type="application/json")
