// An OAuth resource server: it takes access tokens in JWT form (RFC 9068) from the authorization server ISSUER for AUDIENCE,
// whose keys it finds by the issuer's metadata, or at JWKS_URI. LOG_TOKENS=1 prints each token.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { serveTool } from '../one-tool.mjs';

const { ISSUER: issuer, AUDIENCE: audience, JWKS_URI: jwksUri, LOG_TOKENS: logTokens } = process.env;
let keys;

async function findKeys() {
  const { origin, pathname } = new URL(issuer);
  const url = `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`;
  const metadata = await (await fetch(url)).json();
  if (metadata.issuer !== issuer) throw new Error('The metadata is that of another issuer.');
  return createRemoteJWKSet(new URL(metadata.jwks_uri));
}

async function identify({ headers }) {
  const token = headers.authorization?.replace(/^Bearer /, '');
  if (token === undefined) return undefined;
  if (logTokens) process.stdout.write(`token ${token}\n`);
  try {
    keys ??= jwksUri ? createRemoteJWKSet(new URL(jwksUri)) : await findKeys();
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' });
    return payload;
  } catch (error) {
    process.stdout.write(`refused: ${error.code ?? error.message}\n`);
    return undefined;
  }
}

serveTool({
  name: 'who_am_i',
  identify,
  call: async (_words, { sub, client_id, scope, tenant }) =>
    JSON.stringify({ sub, client_id, scope, tenant }),
});
