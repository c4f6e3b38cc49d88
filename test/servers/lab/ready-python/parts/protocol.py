from parts.tool import TOOL

# The newest first.
REVISIONS = ("2025-11-25", "2025-06-18", "2025-03-26")


class RpcError(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


async def initialize(params, call):
    wanted = params.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in REVISIONS else REVISIONS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "ready-python", "version": "1.0.0"},
    }


async def ping(params, call):
    return {}


async def list_tools(params, call):
    return {"tools": [TOOL]}


async def call_tool(params, call):
    if params.get("name") != TOOL["name"]:
        raise RpcError(-32602, "Unknown tool")
    return await call(params.get("arguments", {}))


METHODS = {"initialize": initialize, "ping": ping, "tools/list": list_tools, "tools/call": call_tool}


async def answer_message(message, call, log):
    """None for what needs no answer: notifications, and answers to nothing."""
    fields = message if isinstance(message, dict) else {}
    reply = {"jsonrpc": "2.0", "id": fields.get("id") if is_id(fields.get("id")) else None}
    if not is_message(message):
        return {**reply, "error": {"code": -32600, "message": "Invalid request"}}
    if "method" not in message or "id" not in message:
        return None
    try:
        if message["method"] not in METHODS:
            raise RpcError(-32601, "Method not found")
        params = message.get("params", {})
        if not isinstance(params, dict):
            raise RpcError(-32602, "params: must be an object")
        return {**reply, "result": await METHODS[message["method"]](params, call)}
    except RpcError as error:
        return {**reply, "error": {"code": error.code, "message": str(error)}}
    except Exception:
        log.exception("A request came to nothing")
        return {**reply, "error": {"code": -32603, "message": "Internal error"}}


def is_message(message):
    """A request, a notification or an answer (JSON-RPC 2.0; MCP forbids a null id and batches)."""
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return False
    if "id" in message and not is_id(message["id"]):
        return False
    return isinstance(message.get("method"), str) or "result" in message or "error" in message


def is_id(value):
    return isinstance(value, (str, int)) and not isinstance(value, bool)
