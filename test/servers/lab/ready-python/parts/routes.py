from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"]


def create_app(endpoint, health, metrics, drain, log):
    """Everything by its path; while the server drains, nothing but the ending of what was begun."""

    async def mcp(request):
        try:
            return await endpoint(request)
        except ClientDisconnect:
            return Response(status_code=400)

    async def healthy(request):
        status, body = await health.look()
        return JSONResponse(body, status, headers={"cache-control": "no-store"})

    async def livez(request):
        return JSONResponse({"status": "ok"})

    async def prometheus(request):
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    app = Starlette(
        routes=[
            Route("/mcp", mcp, methods=METHODS),
            Route("/health", healthy),
            Route("/livez", livez),
            Route("/metrics", prometheus),
        ]
    )

    async def unless_draining(scope, receive, send):
        draining = JSONResponse({"status": "draining"}, 503, headers={"connection": "close"})
        await (draining if drain.begun else app)(scope, receive, send)

    return unless_draining
