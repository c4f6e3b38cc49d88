import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const audience = 'https://weather.example.com/mcp';
export const allowAll = 'weather:current weather:forecast';

export interface TokenOptions {
  claims?: JWTPayload;
  header?: { kid?: string; typ?: string; alg?: string };
  key?: CryptoKey | Uint8Array;
}

/** A small authorization server on loopback: metadata, keys, and tokens without further questions. */
export interface Issuer {
  url: string;
  /** The paths asked for so far. */
  requests: string[];
  /** What it does when it is asked; `document` are deviations in its metadata. */
  mode: 'answer' | 'fail' | 'hold';
  document: Record<string, unknown>;
  /** Paths that it does not have. */
  missing: ReadonlySet<string>;
  /** The public key as it is published. */
  publicKey(): Promise<string>;
  /** Signs with another key from now on. */
  rotate(): Promise<void>;
  token(options?: TokenOptions): Promise<string>;
  close(): Promise<void>;
}

/** Good for two clients; made once, since it takes a moment. */
const firstPair = generateKeyPair('ES256', { extractable: true });

export async function startIssuer(path = ''): Promise<Issuer> {
  let pair = await firstPair;
  let kid = 'first';
  const jwk = async () => ({ ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256', use: 'sig' });
  const server = createServer(async (request, response) => {
    const asked = request.url ?? '';
    issuer.requests.push(asked);
    if (issuer.mode === 'hold') return;
    const known = asked.startsWith('/.well-known/') || asked.endsWith('/.well-known/openid-configuration');
    const body =
      asked === '/keys'
        ? { keys: [await jwk()] }
        : known && { issuer: issuer.url, jwks_uri: `${origin}/keys`, ...issuer.document };
    const found = body !== false && !issuer.missing.has(asked);
    const status = issuer.mode === 'fail' ? 500 : found ? 200 : 404;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const issuer: Issuer = {
    url: `${origin}${path}`,
    requests: [],
    mode: 'answer',
    document: {},
    missing: new Set(),
    publicKey: async () => JSON.stringify(await jwk()),
    rotate: async () => {
      pair = await generateKeyPair('ES256', { extractable: true });
      kid = `${kid}-next`;
    },
    token: ({ claims, header, key } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        iss: issuer.url,
        aud: audience,
        iat: now,
        exp: now + 300,
        sub: 'ann',
        client_id: 'notebook',
        scope: allowAll,
        ...claims,
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
        .sign(key ?? pair.privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}
