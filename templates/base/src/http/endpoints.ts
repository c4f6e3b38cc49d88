import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './context.ts';
import type { Endpoint } from './http-app.ts';
import { mcpEndpoint } from './mcp-endpoint.ts';

/** Mounts everything that MCP clients connect to. */
export function mountEndpoints(app: FastifyInstance, context: HttpContext): Endpoint[] {
  return [mcpEndpoint(app, context)];
}
