from parts import routes
from starlette.responses import PlainTextResponse


def create_app(endpoint, health, metrics, drain, log):
    """Reports its health in one word at /ping."""
    app = routes.create_app(endpoint, health, metrics, drain, log)

    async def serve(scope, receive, send):
        if scope["path"] == "/health":
            return await PlainTextResponse("not found", 404)(scope, receive, send)
        if scope["path"] != "/ping" or drain.begun:
            return await app(scope, receive, send)
        status, body = await health.look()
        await PlainTextResponse(body["status"], status)(scope, receive, send)

    return serve
