import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'createMcpHandler of SDK v2 serves 2026-07-28 and the 2025 revisions from one endpoint, without sessions.',
    language: 'ts',
    code: `import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  registerTools(server);
  return server;
});`,
  },
  python: {
    text: 'FastMCP 4 serves 2026-07-28 and the 2025 revisions from one endpoint.',
    language: 'python',
    code: `from fastmcp import FastMCP

mcp = FastMCP("weather")

mcp.run(transport="http")`,
  },
};
