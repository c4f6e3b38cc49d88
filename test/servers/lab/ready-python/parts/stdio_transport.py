import asyncio
import json
import sys
import uuid

MAX_LINE_BYTES = 1024 * 1024


async def serve(service, shutdown, log):
    """A message a line, on stdin and stdout. The end of the input ends the server, as a signal does."""
    reader = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    log.info("Reading from stdin")
    reading = asyncio.ensure_future(read(reader, service, shutdown))
    over = asyncio.ensure_future(shutdown.asked.wait())
    await asyncio.wait([reading, over], return_when=asyncio.FIRST_COMPLETED)
    reading.cancel()
    over.cancel()
    await shutdown.drain()


async def read(reader, service, shutdown):
    while True:
        try:
            line = await reader.readline()
        except ValueError:
            tell(parse_error())
            continue
        if not line:
            return
        if line.strip():
            shutdown.track(asyncio.ensure_future(respond(line, service)))


async def respond(line, service):
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return tell(parse_error())
    reply = await service.answer(message, str(uuid.uuid4()))
    return tell(reply) if reply is not None else None


def tell(reply):
    print(json.dumps(reply), flush=True)


def parse_error():
    return {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "Parse error"}}
