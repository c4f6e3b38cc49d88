import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Check the upstream at most every few seconds, with a deadline below 1 s. Polls in between reuse the result.',
    language: 'ts',
    code: `let checked = { at: -Infinity, up: Promise.resolve(false) };

function upstreamIsUp(): Promise<boolean> {
  if (performance.now() - checked.at > 5_000) {
    const up = fetch('https://api.openweathermap.org/', { signal: AbortSignal.timeout(900) }).then(
      (response) => response.status < 500,
      () => false,
    );
    checked = { at: performance.now(), up };
  }
  return checked.up;
}

app.get('/health', async (_request, reply) => {
  const up = await upstreamIsUp();
  return reply.code(up ? 200 : 503).send({ status: up ? 'healthy' : 'degraded' });
});`,
  },
  python: {
    text: 'A custom route needs no credentials. Check the upstream at most every few seconds, with a deadline below 1 s.',
    language: 'python',
    code: `import asyncio
import time

import httpx
from starlette.responses import JSONResponse

checked = (float("-inf"), False)


async def upstream_is_up() -> bool:
    global checked
    if time.monotonic() - checked[0] > 5:
        try:
            async with asyncio.timeout(0.9), httpx.AsyncClient() as client:
                up = (await client.get("https://api.openweathermap.org/")).status_code < 500
        except (TimeoutError, httpx.HTTPError):
            up = False
        checked = (time.monotonic(), up)
    return checked[1]


@mcp.custom_route("/health", methods=["GET"])
async def health(_request):
    up = await upstream_is_up()
    body = {"status": "healthy" if up else "degraded"}
    return JSONResponse(body, status_code=200 if up else 503)`,
  },
};
