import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Whom the server under test trusts, and what it wants to read in an access token. */
export interface AuthorizationPlan {
  /** Letter by letter as the server has it. */
  issuer: string;
  /** With placeholders. */
  audience: string;
  scope?: string | undefined;
  /** Go over those that the lab would choose. */
  claims?: Readonly<Record<string, unknown>> | undefined;
  /** Where the server looks for the key set; default: below the issuer. */
  jwksUri?: string | undefined;
}

/** What an issuer publishes, and the access tokens that it makes. It knows no users, and nobody can log in. */
export interface AuthorizationServer {
  /** The hosts that it speaks for, with a port where the URL has one: "issuer.example.com". */
  hosts: string[];
  /** What stands at a URL; undefined: nothing. The query does not matter. */
  document: (url: URL) => unknown;
  /**
   * An access token in JWT form (RFC 9068). The same audience and subject get the same one, so that a client stays the same
   * client.
   *
   * @param subject who holds it; another one is another client
   */
  tokenFor: (audience: string, subject?: string) => Promise<string>;
}

/** The one that resource servers have to know (RFC 9068 section 4). */
const algorithm = 'RS256';
const lifetime = '2h';
const usualSubject = 'mcp-prod-lab';

/** Makes the keys of an authorization server that lives as long as one run. */
export async function createAuthorizationServer(plan: AuthorizationPlan): Promise<AuthorizationServer> {
  const { issuer, scope, claims = {} } = plan;
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const key = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(key);
  const base = issuer.replace(/\/$/, '');
  const jwksUri = plan.jwksUri ?? `${base}/.well-known/jwks.json`;
  const metadata = {
    issuer,
    jwks_uri: jwksUri,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [algorithm],
    ...(scope !== undefined && { scopes_supported: scope.split(' ') }),
  };
  const documents = new Map<string, unknown>([
    ...metadataUrls(issuer).map((url): [string, unknown] => [url, metadata]),
    [placeOf(new URL(jwksUri)), { keys: [{ ...key, kid, alg: algorithm, use: 'sig' }] }],
  ]);

  const mint = (audience: string, subject: string | undefined) => {
    const holder = (who: string) => ({ sub: who, client_id: who });
    return new SignJWT({
      ...holder(usualSubject),
      ...(scope !== undefined && { scope }),
      ...claims,
      ...(subject !== undefined && holder(subject)),
    })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(lifetime)
      .sign(privateKey);
  };
  const tokens = new Map<string, Promise<string>>();
  return {
    hosts: [...new Set([issuer, jwksUri].map((url) => new URL(url).host))],
    document: (url) => documents.get(placeOf(url)),
    tokenFor: (audience, subject) => {
      const holder = JSON.stringify([audience, subject]);
      const token = tokens.get(holder) ?? mint(audience, subject);
      tokens.set(holder, token);
      return token;
    },
  };
}

/**
 * Where clients and servers look for an issuer's metadata (RFC 8414 section 3.1; OpenID Connect Discovery 1.0 section 4, with
 * the issuer's path before or behind the well-known part).
 */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const [oauth, openid] = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];
  return [oauth + path, openid + path, path + openid, path + oauth].map((location) => origin + location);
}

const placeOf = ({ origin, pathname }: URL): string => origin + pathname;
