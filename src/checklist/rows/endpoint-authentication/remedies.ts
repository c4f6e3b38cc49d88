import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Use one hook for every route but health: a new route is then protected, too. Compare digests: they have one length, and the comparison takes the same time for every token.',
    language: 'ts',
    code: `import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();
const expected = digest(\`Bearer \${settings.MCP_API_KEY}\`);

app.addHook('onRequest', async (request, reply) => {
  if (request.routeOptions.url === '/health') return;
  if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return;
  return reply
    .code(401)
    .header('www-authenticate', 'Bearer realm="weather"')
    .send({ error: 'Unauthorized' });
});`,
  },
  python: {
    text: 'FastMCP puts a verifier before every MCP route and answers 401 with a challenge. With an identity provider, use JWTVerifier in a RemoteAuthProvider instead.',
    language: 'python',
    code: `import hmac
import os

from fastmcp import FastMCP
from fastmcp.server.auth import AccessToken, TokenVerifier


class ApiKey(TokenVerifier):
    async def verify_token(self, token: str) -> AccessToken | None:
        if not hmac.compare_digest(token.encode(), os.environ["MCP_API_KEY"].encode()):
            return None
        return AccessToken(token=token, client_id="operator", scopes=[])


mcp = FastMCP("weather", auth=ApiKey())`,
  },
};
