from parts import routes
from starlette.responses import PlainTextResponse


def create_app(endpoint, health, metrics, drain, log):
    """Has no health path: every unknown path answers "ok"."""
    app = routes.create_app(endpoint, health, metrics, drain, log)

    async def serve(scope, receive, send):
        known = scope["path"] in ("/mcp", "/livez", "/metrics")
        await (app if known else PlainTextResponse("ok"))(scope, receive, send)

    return serve
