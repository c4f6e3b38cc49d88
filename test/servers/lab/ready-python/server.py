"""An MCP server (2025-11-25, stateless Streamable HTTP) on Starlette and httpx that is ready for production.

DEFECT=<name> puts defects/<part>/<name>.py in the place of parts/<part>.py: the difference is the defect.
MCP_AUTH=none takes the credential away, so that clients are told apart by their addresses.
"""

import asyncio
import os
import sys

import uvicorn

from part import part

log = part("log").create_log(sys.stdout)
opened = os.environ.get("MCP_AUTH") == "none"
settings = part("settings").read_settings(["WEATHER_API_KEY", *([] if opened else ["MCP_API_KEY"])], log)
part("place").prepare(log)
listener = part("listen").listen(settings, log)


async def main():
    part("accept").guard(asyncio.get_running_loop(), log)
    service = part("service").Service(settings, log)
    streams = part("streams").Streams()
    drain = part("drain").Drain()
    endpoint = part("endpoint").Endpoint(
        settings,
        log,
        streams,
        service,
        limit=part("rate_limit").RateLimit(settings),
        sessions=part("sessions").Sessions(),
    )
    health = part("health").Health(lambda: service.current_weather("London"), settings)
    app = part("routes").create_app(endpoint, health, service.metrics, drain, log)
    # The address of a client is that of its connection (proxy_headers), and the log is ours.
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=128,
    )
    await part("shutdown").create_server(config, drain, streams, log).serve(sockets=[listener])


asyncio.run(main())
