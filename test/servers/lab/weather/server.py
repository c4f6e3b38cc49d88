"""A small MCP server (2025-11-25, stateless) with one tool, whose upstream call is made by the client that CLIENT names."""

import importlib
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

get_json = importlib.import_module("with_" + os.environ["CLIENT"]).get_json
LIMIT = float(os.environ.get("LIMIT_MS", "3000")) / 1000
KEY = os.environ.get("WEATHER_API_KEY", "")
TOOL = {
    "name": "get_weather",
    "annotations": {"readOnlyHint": True},
    "inputSchema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def call(arguments):
    url = f"https://api.weather.test/v1/current?city={quote(arguments['city'])}&key={KEY}"
    try:
        text = f"{get_json(url, LIMIT)['temperature']} °C"
        return {"content": [{"type": "text", "text": text}]}
    except Exception as error:
        return {"isError": True, "content": [{"type": "text", "text": f"No weather: {type(error).__name__}"}]}


def answer(method, params):
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "weather", "version": "1.0.0"},
        }
    if method == "tools/list":
        return {"tools": [TOOL]}
    return call(params["arguments"])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "id" not in message:
            return self.send(202, b"")
        if message["method"] not in ("initialize", "tools/list", "tools/call"):
            body = {"error": {"code": -32601, "message": "Method not found"}}
        else:
            body = {"result": answer(message["method"], message.get("params"))}
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
