import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Limit the body size. Let the SDK validate arguments against the schema. Answer every other error as a JSON-RPC error without its cause.',
    language: 'ts',
    code: `const app = Fastify({ bodyLimit: 256 * 1024 });

app.setErrorHandler<FastifyError>((error, request, reply) => {
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  const known =
    error.code === 'FST_ERR_CTP_INVALID_JSON_BODY'
      ? { code: -32_700, message: 'Parse error' }
      : status < 500
        ? { code: -32_600, message: 'Invalid request' }
        : { code: -32_603, message: 'Internal error' };
  return reply.code(status).send({ jsonrpc: '2.0', id: null, error: known });
});

server.registerTool(
  'get_weather',
  { inputSchema: z.object({ city: z.string().trim().min(1).max(100) }) },
  async ({ city }) => ({ content: [{ type: 'text', text: await describeWeather(city) }] }),
);`,
  },
  python: {
    text: 'Declare the allowed values in the signature. Do not return the text of unexpected errors.',
    language: 'python',
    code: `from typing import Annotated

from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from pydantic import Field

mcp = FastMCP("weather", strict_input_validation=True, mask_error_details=True)


@mcp.tool
async def get_weather(city: Annotated[str, Field(min_length=1, max_length=100)]) -> str:
    weather = await find_weather(city)
    if weather is None:
        raise ToolError(f"There is no city of that name: {city}")
    return weather`,
  },
};
