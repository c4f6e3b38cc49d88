import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

/** The issuer that the server under test trusts, and what it expects in an access token. */
export interface AuthorizationPlan {
  /** Exactly as in the server's settings. */
  issuer: string;
  /** With placeholders. */
  audience: string;
  scope?: string | undefined;
  /** Override the lab's own. */
  claims?: Readonly<Record<string, unknown>> | undefined;
  /** Where the server reads the key set. Default: below the issuer. */
  jwksUri?: string | undefined;
}

/** An issuer's documents and access tokens. It has no users and no login. */
export interface AuthorizationServer {
  /** Its hosts, with a port if the URL has one: "issuer.example.com". */
  hosts: string[];
  /** The document at a URL. The query is ignored. */
  document: (url: URL) => unknown;
  /**
   * An access token in JWT form (RFC 9068), always the same for one audience and subject.
   *
   * @param subject of another client
   */
  tokenFor: (audience: string, subject?: string) => Promise<string>;
}

/** Every resource server has to support it (RFC 9068 section 4). */
const algorithm = 'RS256';
const lifetime = '2h';
const usualSubject = 'mcp-prod-lab';

/** Makes the keys of an authorization server for one lab. */
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
    [withoutQuery(new URL(jwksUri)), { keys: [{ ...key, kid, alg: algorithm, use: 'sig' }] }],
  ]);

  const mint = (audience: string, subject: string | undefined) => {
    const claimsOf = (client: string) => ({ sub: client, client_id: client });
    return new SignJWT({
      ...claimsOf(usualSubject),
      ...(scope !== undefined && { scope }),
      ...claims,
      ...(subject !== undefined && claimsOf(subject)),
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
    document: (url) => documents.get(withoutQuery(url)),
    tokenFor: (audience, subject) => {
      const key = JSON.stringify([audience, subject]);
      const token = tokens.get(key) ?? mint(audience, subject);
      tokens.set(key, token);
      return token;
    },
  };
}

/** RFC 8414 section 3.1; OpenID Connect Discovery 1.0 section 4, with the issuer's path before or after the well-known part. */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const [oauth, openid] = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];
  return [oauth + path, openid + path, path + openid, path + oauth].map((location) => origin + location);
}

const withoutQuery = ({ origin, pathname }: URL): string => origin + pathname;
