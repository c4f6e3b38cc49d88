import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Refuse what is not on your lists; requests without an Origin come from no browser and pass. TLS ends in the proxy or platform in front.',
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
    text: 'Current versions of FastMCP check both when they are told to. TLS ends in the proxy or platform in front.',
    language: 'python',
    code: `mcp.run(
    transport="http",
    host_origin_protection=True,
    allowed_hosts=["localhost", "127.0.0.1", "mcp.example.com"],
    allowed_origins=["https://app.example.com"],
)`,
  },
};
