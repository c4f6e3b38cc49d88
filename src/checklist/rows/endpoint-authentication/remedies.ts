import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'One hook in front of every route but health, so that a new route cannot forget it; digests have one length, so the comparison takes the same time whatever was sent.',
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
    text: 'FastMCP puts a verifier in front of every MCP route and answers 401 with a challenge; with an identity provider use JWTVerifier in a RemoteAuthProvider instead.',
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
