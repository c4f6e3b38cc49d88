import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'A histogram of call durations by tool and outcome covers rate, errors and duration. Keep /metrics off the public network.',
    language: 'ts',
    code: `import { Histogram, register } from 'prom-client';

const toolCalls = new Histogram({
  name: 'mcp_tool_call_duration_seconds',
  help: 'Tool calls by tool and outcome.',
  labelNames: ['tool', 'outcome'],
});

async function measured<Result>(tool: string, call: () => Promise<Result>): Promise<Result> {
  const stop = toolCalls.startTimer({ tool });
  try {
    const result = await call();
    stop({ outcome: 'ok' });
    return result;
  } catch (error) {
    stop({ outcome: 'error' });
    throw error;
  }
}

app.get('/metrics', async (_request, reply) =>
  reply.header('content-type', register.contentType).send(await register.metrics()),
);`,
  },
  python: {
    text: 'A histogram of call durations by tool and outcome covers rate, errors and duration. Keep /metrics off the public network.',
    language: 'python',
    code: `import time

from fastmcp.server.middleware import Middleware
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest
from starlette.responses import Response

durations = Histogram(
    "mcp_tool_call_duration_seconds", "Tool calls by tool and outcome.", ["tool", "outcome"]
)


class Metrics(Middleware):
    async def on_call_tool(self, context, call_next):
        outcome, start = "error", time.perf_counter()
        try:
            result = await call_next(context)
            outcome = "ok"
            return result
        finally:
            durations.labels(context.message.name, outcome).observe(time.perf_counter() - start)


mcp.add_middleware(Metrics())


@mcp.custom_route("/metrics", methods=["GET"])
async def metrics(_request):
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)`,
  },
};
