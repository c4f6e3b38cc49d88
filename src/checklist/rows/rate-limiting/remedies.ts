import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Count after authentication, by client. @fastify/rate-limit answers 429 with Retry-After. The SDK serves up to 100 calls in one JSON-RPC array, and a limiter counts an array as one request: refuse arrays.',
    language: 'ts',
    code: `import rateLimit from '@fastify/rate-limit';

await app.register(rateLimit, {
  max: 60,
  timeWindow: '1 minute',
  // Runs after the authentication in onRequest, which sets \`client\`.
  hook: 'preHandler',
  keyGenerator: (request) => request.client?.id ?? request.ip,
});

app.addHook('preHandler', async (request, reply) => {
  if (!Array.isArray(request.body)) return;
  const error = { code: -32600, message: 'Send one message a request.' };
  return reply.code(400).send({ jsonrpc: '2.0', id: null, error });
});`,
  },
  python: {
    text: 'FastMCP’s own limiter sends no Retry-After. Use an ASGI middleware instead: it runs after authentication and knows the client. The Python SDK refuses JSON-RPC arrays. A server that accepts them must count each message.',
    language: 'python',
    code: `import math
import time
from collections import defaultdict, deque

from starlette.middleware import Middleware
from starlette.responses import JSONResponse


class RateLimit:
    def __init__(self, app, limit: int = 60, window: float = 60.0):
        self.app, self.limit, self.window = app, limit, window
        self.calls: dict[str, deque[float]] = defaultdict(deque)

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"] == "/health":
            return await self.app(scope, receive, send)
        user = scope.get("user")
        known = user is not None and user.is_authenticated
        calls = self.calls[user.display_name if known else scope["client"][0]]
        now = time.monotonic()
        while calls and calls[0] <= now - self.window:
            calls.popleft()
        if len(calls) >= self.limit:
            wait = str(math.ceil(calls[0] + self.window - now))
            refusal = JSONResponse({"error": "Too many requests"}, 429, {"retry-after": wait})
            return await refusal(scope, receive, send)
        calls.append(now)
        await self.app(scope, receive, send)


mcp.run(transport="http", middleware=[Middleware(RateLimit)])`,
  },
};
