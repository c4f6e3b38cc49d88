"""The server of server.py on stdin and stdout: a line of JSON-RPC each, the log on stderr."""

import asyncio
import sys

from part import part

log = part("log").create_log(sys.stderr)
settings = part("settings").read_settings(["WEATHER_API_KEY"], log)
part("place").prepare(log)


async def main():
    service = part("service").Service(settings, log)
    shutdown = part("stdio_shutdown").Shutdown(log)
    await part("stdio_transport").serve(service, shutdown, log)


asyncio.run(main())
