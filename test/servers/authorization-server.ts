import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

const maxHops = 20;
const ttlSeconds = 600;

/** A confidential client that acts for itself. */
export const agent = { id: 'agent', secret: 'the-secret-of-the-agent' };
/** Who uses the browser. */
export const person = 'ann';

export interface AuthorizationServer {
  /** The issuer. */
  url: string;
  /** The paths asked for so far. */
  requests: string[];
  /** Visits the URL as a browser whose user agrees to everything; returns where it leads outside this server. */
  visit(url: URL): Promise<URL>;
  close(): Promise<void>;
}

export interface AuthorizationServerOptions {
  /** The resource for which it issues tokens, and the scopes that there are. */
  resource: string;
  scopes: readonly string[];
  /** 0, the default, takes any free port. */
  port?: number;
}

/**
 * A real authorization server on loopback: OpenID Connect and RFC 8414 metadata, dynamic registration, authorization code
 * with PKCE, client credentials, and JWT access tokens for one resource (RFC 8707, RFC 9068). Nobody is asked for a
 * password.
 */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const requests: string[] = [];
  let handle: ReturnType<Provider['callback']> | undefined;
  const server = createServer((request, response) => {
    requests.push(new URL(request.url ?? '/', 'http://any').pathname);
    handle?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  handle = createProvider(url, options).callback();
  return {
    url,
    requests,
    visit: (start) => visit(start, url),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createProvider(url: string, { resource, scopes }: AuthorizationServerOptions): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const scope = scopes.join(' ');
  const configuration: Configuration = {
    clients: [
      {
        client_id: agent.id,
        client_secret: agent.secret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        scope,
      },
    ],
    cookies: { keys: ['a key that signs the cookies of a test'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'signing', alg: 'RS256', use: 'sig' }] },
    ttl: Object.fromEntries(
      [
        'AccessToken',
        'AuthorizationCode',
        'ClientCredentials',
        'Grant',
        'IdToken',
        'Interaction',
        'Session',
      ].map((kind) => [kind, ttlSeconds]),
    ),
    scopes: ['openid', 'offline_access', ...scopes],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, asked) => {
          if (asked !== resource) throw new Error(`nobody knows the resource ${asked}`);
          return { audience: resource, scope, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } };
        },
      },
    },
  };
  const provider = new Provider(url, configuration);
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const { params, prompt } = await provider.interactionDetails(context.req, context.res);
    if (prompt.name === 'login') {
      return provider.interactionFinished(context.req, context.res, { login: { accountId: person } });
    }
    const grant = new provider.Grant({ accountId: person, clientId: String(params.client_id) });
    grant.addOIDCScope(`openid ${params.scope}`);
    grant.addResourceScope(resource, String(params.scope));
    return provider.interactionFinished(context.req, context.res, {
      consent: { grantId: await grant.save() },
    });
  });
  return provider;
}

/** Follows redirects with cookies, for as long as they stay on the server. */
async function visit(start: URL, home: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hop = 0; hop < maxHops; hop += 1) {
    if (url.origin !== home) return url;
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url} ends with ${response.status}: ${await response.text()}`);
    url = new URL(location, url);
  }
  throw new Error(`${start} leads nowhere`);
}
