"""The plain part of an MCP server (2025-11-25, stateless) that has one tool, which only reads."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve_tool(name, call, input_schema):
    """Serves on PORT. `call` takes the arguments by their names and returns a text."""
    tool = {"name": name, "annotations": {"readOnlyHint": True}, "inputSchema": input_schema}

    def answer(method, params):
        if method == "initialize":
            return {
                "protocolVersion": params["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": name, "version": "1.0.0"},
            }
        if method == "tools/list":
            return {"tools": [tool]}
        try:
            return {"content": [{"type": "text", "text": call(**params["arguments"])}]}
        except Exception as error:
            return {"isError": True, "content": [{"type": "text", "text": type(error).__name__}]}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            message = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if "id" not in message:
                return self.send(202, b"")
            if message["method"] in ("initialize", "tools/list", "tools/call"):
                body = {"result": answer(message["method"], message.get("params"))}
            else:
                body = {"error": {"code": -32601, "message": "Method not found"}}
            return self.send(200, json.dumps({"jsonrpc": "2.0", "id": message["id"], **body}).encode())

        def do_GET(self):
            self.send(405 if self.path == "/mcp" else 404, b"")

        def send(self, status, body):
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
