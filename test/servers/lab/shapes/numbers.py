# A tool without text. With DEFECT=format-string-log, its log holds what was sent, in a format string and before it is checked.
import json
import os
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOOL = {
    "name": "forecast",
    "annotations": {"readOnlyHint": True},
    "inputSchema": {
        "type": "object",
        "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 16}},
        "required": ["days"],
    },
}


def now():
    return datetime.now(timezone.utc).isoformat()


def log(level, **fields):
    print(json.dumps({"time": now(), "level": level, "msg": "forecast", **fields}), flush=True)


def call(given):
    days = given.get("days")
    if os.environ.get("DEFECT") == "format-string-log":
        print('{"time":"%s","level":"info","msg":"forecast days=%s"}' % (now(), days), flush=True)
    if not isinstance(days, int) or len(given) > 1:
        log("warning", outcome="invalid")
        text = 'The only argument is "days", a whole number.'
        return {"isError": True, "content": [{"type": "text", "text": text}]}
    log("info", days=days)
    return {"content": [{"type": "text", "text": f"{days} days of sun"}]}


def answer(method, params):
    if method == "initialize":
        server = {"name": "forecast", "version": "1.0.0"}
        version = params["protocolVersion"]
        return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": server}
    return {"tools": [TOOL]} if method == "tools/list" else call(params.get("arguments", {}))


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.reply(405)

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/mcp":
            return self.reply(404)
        if "id" not in message:
            return self.reply(202)
        result = answer(message["method"], message.get("params", {}))
        self.reply(200, {"jsonrpc": "2.0", "id": message["id"], "result": result})

    def reply(self, status, body=None):
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
