"""A small stateless MCP server of both eras on Starlette: a stranger to this project, with one switch for each defect.

Environment: TOKEN (asks for it as a bearer token), LIMIT and WINDOW (requests per seconds, by client), LIMIT_BY
(`client`, `everybody`, `forwarded`, or `failures`: only requests that fail count, for everybody), TOKEN_MATCH (`whole`,
`prefix`, `extended`), RETRY_AFTER (`true`, `missing`), ARRAYS (`refused`, `one`: served, and counted as one request), METRICS (`prometheus`, `page`, `missing`),
HEALTH (`json`, `text`, `missing`, `any`: text at any path), HEALTH_PATH, BAD_ARGUMENTS (`clear`, `traceback`), HINTS
(`missing`), DEBUG (Starlette's own error pages), CHECKS (which foreign headers are refused: `origin host`),
BODY_LIMIT (bytes of the largest body; `none`: any is read), ERA (`legacy`), DISCOVER (what that one does at a request
of the modern era: `refused`, `error`, `silence`).
"""

import asyncio
import json
import math
import os
import socket
import time
import traceback
from collections import defaultdict, deque

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

VERSION = "io.modelcontextprotocol/protocolVersion"
SERVER = {"name": "python-weather", "version": "2.0.0"}
TOOL = {
    "name": "get_weather",
    "description": "The weather in a city",
    "inputSchema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "annotations": {"readOnlyHint": True},
}


def setting(name, default=""):
    return os.environ.get(name, default)


TOKEN = setting("TOKEN")
LIMIT = int(setting("LIMIT", "0"))
WINDOW = float(setting("WINDOW", "60"))

seen = defaultdict(deque)
served = defaultdict(int)


def client_of(request: Request) -> str:
    kind = setting("LIMIT_BY", "client")
    if kind in ("everybody", "failures"):
        return "everybody"
    address = request.client.host if request.client else ""
    if kind == "forwarded":
        return request.headers.get("x-forwarded-for", address)
    return request.headers.get("authorization", address)


def limited(request: Request) -> Response | None:
    """A sliding window: 429 once the client has had its share."""
    if LIMIT == 0:
        return None
    now = time.monotonic()
    times = seen[client_of(request)]
    if setting("LIMIT_BY") == "failures":
        return None if len(times) < LIMIT else JSONResponse({"error": "Too many requests"}, 429, {"retry-after": "60"})
    while times and times[0] <= now - WINDOW:
        times.popleft()
    if len(times) < LIMIT:
        times.append(now)
        return None
    wait = math.ceil(times[0] + WINDOW - now)
    headers = {} if setting("RETRY_AFTER") == "missing" else {"retry-after": str(wait)}
    return JSONResponse({"error": "Too many requests"}, 429, headers)


def error(request_id, code, message, status=200) -> Response:
    body = {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}}
    return JSONResponse(body, status)


def call_tool(params: dict) -> dict:
    arguments = params.get("arguments") or {}
    city = arguments.get("city")
    if not isinstance(city, str):
        if setting("BAD_ARGUMENTS") == "traceback":
            try:
                city.title()
            except AttributeError:
                return {"content": [{"type": "text", "text": traceback.format_exc()}], "isError": True}
        return {"content": [{"type": "text", "text": "city: a string is expected"}], "isError": True}
    return {"content": [{"type": "text", "text": f"{city}: sunny"}]}


def result_of(method: str, params: dict, modern: bool) -> dict | None:
    listed = {"ttlMs": 60000, "cacheScope": "public"} if modern and setting("HINTS") != "missing" else {}
    if method == "tools/list":
        return {"tools": [TOOL], **listed}
    if method == "tools/call":
        return call_tool(params)
    if modern and method == "server/discover":
        return {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, **listed}
    if not modern and method == "ping":
        return {}
    if not modern and method == "initialize":
        return {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": SERVER}
    return None


def is_foreign(request: Request) -> bool:
    """Whether a web page sent it: by its Origin, or by a Host that was rebound to this address."""
    checks = setting("CHECKS", "origin host").split()
    if "origin" in checks and "origin" in request.headers:
        return True
    return "host" in checks and request.url.hostname not in ("127.0.0.1", "localhost")


async def mcp(request: Request) -> Response:
    if is_foreign(request):
        return JSONResponse({"error": "Forbidden"}, 403)
    refusal = limited(request)
    if refusal is not None:
        served["429"] += 1
        return refusal
    response = await admitted(request)
    if setting("LIMIT_BY") == "failures" and response.status_code >= 400:
        seen["everybody"].append(time.monotonic())
    if LIMIT:
        response.headers["x-ratelimit-remaining"] = str(LIMIT - len(seen[client_of(request)]))
    return response


async def read_body(request: Request) -> bytes | None:
    limit = setting("BODY_LIMIT", "1048576")
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if limit != "none" and size > int(limit):
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def has_token(request: Request) -> bool:
    given, right = request.headers.get("authorization", ""), f"Bearer {TOKEN}"
    match setting("TOKEN_MATCH", "whole"):
        case "prefix":
            return len(given) > len("Bearer ") and right.startswith(given)
        case "extended":
            return given.startswith(right)
    return given == right


async def admitted(request: Request) -> Response:
    if TOKEN and not has_token(request):
        served["401"] += 1
        return JSONResponse({"error": "Unauthorized"}, 401, {"www-authenticate": "Bearer"})
    served["200"] += 1
    body = await read_body(request)
    if body is None:
        return JSONResponse({"error": "Too large"}, 413, {"connection": "close"})
    if setting("DEBUG"):
        message = json.loads(body)
    else:
        try:
            message = json.loads(body)
        except ValueError:
            return error(None, -32700, "Parse error", 400)
    if isinstance(message, list) and message and setting("ARRAYS") == "one":
        answers = [answer(one, request) for one in message]
        return JSONResponse([json.loads(each.body) for each in answers if each.body])
    if setting("DISCOVER") == "silence" and VERSION.encode() in body:
        await asyncio.sleep(3600)
    return answer(message, request)


def answer(message, request: Request) -> Response:
    if not isinstance(message, dict) or not isinstance(message.get("method"), str):
        return error(None, -32600, "Invalid request", 400)
    if "id" not in message:
        return Response(status_code=202)
    request_id, params = message["id"], message.get("params") or {}
    revision = (params.get("_meta") or {}).get(VERSION)
    if revision not in (None, "2026-07-28"):
        return error(request_id, -32022, "Unsupported protocol version", 400)
    if revision is None and request.headers.get("mcp-protocol-version", "2025-11-25") != "2025-11-25":
        return error(request_id, -32000, "Unsupported protocol version", 400)
    modern = revision is not None
    if modern and setting("ERA") == "legacy":
        return error(request_id, -32601, "Method not found", 500 if setting("DISCOVER") == "error" else 400)
    result = result_of(message["method"], params, modern)
    if result is None:
        return error(request_id, -32601, "Method not found", 404 if modern else 200)
    if modern:
        result = {**result, "resultType": "complete", "_meta": {"io.modelcontextprotocol/serverInfo": SERVER}}
    return JSONResponse({"jsonrpc": "2.0", "id": request_id, "result": result})


async def health(_: Request) -> Response:
    return PlainTextResponse("OK") if setting("HEALTH") in ("text", "any") else JSONResponse({"status": "ok"})


async def metrics(_: Request) -> Response:
    if setting("METRICS") == "page":
        return HTMLResponse("<!doctype html><title>Weather</title><div id=app></div>")
    lines = ["# TYPE http_requests_total counter"]
    lines += [f'http_requests_total{{status="{status}"}} {count}' for status, count in served.items()]
    lines += ["# TYPE http_request_duration_seconds summary"]
    lines += [f"http_request_duration_seconds_sum {0.001 * sum(served.values())}"]
    lines += [f"http_request_duration_seconds_count {sum(served.values())}"]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"content-type": "text/plain; version=0.0.4"})


routes = [Route("/mcp", mcp, methods=["POST"])]
if setting("HEALTH") != "missing":
    routes.append(Route(setting("HEALTH_PATH", "/health"), health))
if setting("METRICS") != "missing":
    routes.append(Route("/metrics", metrics))
if setting("HEALTH") == "any":
    routes.append(Route("/{path:path}", health))
app = Starlette(debug=bool(setting("DEBUG")), routes=routes)

if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
