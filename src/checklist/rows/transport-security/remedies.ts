import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Refuse every Host and Origin that is not on your lists. Accept requests without an Origin: they come from no browser. Terminate TLS in the proxy or platform.',
    language: 'ts',
    code: `const hosts = new Set(['localhost', '127.0.0.1', 'mcp.example.com']);
const origins = new Set(['https://app.example.com']);

app.addHook('onRequest', async (request, reply) => {
  const { origin } = request.headers;
  if (!hosts.has(request.hostname) || (origin !== undefined && !origins.has(origin))) {
    return reply.code(403).send({ error: 'Forbidden' });
  }
});`,
  },
  python: {
    text: 'Current versions of FastMCP check Host and Origin when configured to. Terminate TLS in the proxy or platform.',
    language: 'python',
    code: `mcp.run(
    transport="http",
    host_origin_protection=True,
    allowed_hosts=["localhost", "127.0.0.1", "mcp.example.com"],
    allowed_origins=["https://app.example.com"],
)`,
  },
};
