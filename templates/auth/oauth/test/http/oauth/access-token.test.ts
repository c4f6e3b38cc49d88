import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { base64url, generateKeyPair, UnsecuredJWT } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { audience, type Issuer, type TokenOptions } from '../../support/issuer.ts';
import { authorization, post, startServer } from '../../support/server.ts';
import { standInEnv } from '../../support/stand-in-answers.ts';

const now = () => Math.floor(Date.now() / 1000);
const stranger = await generateKeyPair('ES256');

const refused: Array<[string, (issuer: Issuer) => Promise<string> | string]> = [
  ['expired', (issuer) => issuer.token({ claims: { exp: now() - 60 } })],
  ['without an end', (issuer) => issuer.token({ claims: { exp: undefined } as never })],
  ['not valid yet', (issuer) => issuer.token({ claims: { nbf: now() + 60 } })],
  ['of another issuer', (issuer) => issuer.token({ claims: { iss: 'https://evil.example' } })],
  ['of the issuer with a slash more', (issuer) => issuer.token({ claims: { iss: `${issuer.url}/` } })],
  ['for another audience', (issuer) => issuer.token({ claims: { aud: 'https://other.example.com/mcp' } })],
  ['for no audience', (issuer) => issuer.token({ claims: { aud: undefined } as never })],
  ['signed with a key of somebody else', (issuer) => issuer.token({ key: stranger.privateKey })],
  ['signed with a key that is not published', (issuer) => issuer.token({ header: { kid: 'none of ours' } })],
  [
    'not signed',
    (issuer) => new UnsecuredJWT({ iss: issuer.url, aud: audience, exp: now() + 60, sub: 'ann' }).encode(),
  ],
  [
    'signed with the public key as a shared secret',
    async (issuer) =>
      issuer.token({
        header: { alg: 'HS256' },
        key: createSecretKey(Buffer.from(await issuer.publicKey())).export() as Uint8Array,
      }),
  ],
  ['of another type', (issuer) => issuer.token({ header: { typ: 'logout+jwt' } })],
  ['about nobody', (issuer) => issuer.token({ claims: { sub: '', client_id: '' } })],
  ['no JWT', () => 'an-opaque-token'],
  ['with a changed payload', async (issuer) => changed(await issuer.token())],
];

function changed(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(base64url.decode(payload)).toString());
  return [header, base64url.encode(JSON.stringify({ ...claims, sub: 'root' })), signature].join('.');
}

test.each(refused)('a token %s is refused', async (_what, make) => {
  const server = await startServer();
  const token = await make(server.credentials.issuer);
  const response = await post(server, authorization(token));
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toMatch(
    /^Bearer resource_metadata="https:\/\/weather\.example\.com\/[^"]+", scope="[^"]+", error="invalid_token"$/,
  );
  expect(await response.json()).toEqual({ error: 'Unauthorized' });
  expect(server.upstream.requests).toEqual([]);
  expect(server.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'access token refused', reason: expect.any(String) }),
  );
  expect(JSON.stringify(server.lines)).not.toContain(token);
});

const accepted: Array<[string, TokenOptions]> = [
  ['a JWT by its type', { header: { typ: 'JWT' } }],
  ['an access token by its full type', { header: { typ: 'application/at+jwt' } }],
  ['for several audiences', { claims: { aud: ['https://other.example.com', audience] } }],
  ['with its scopes in a list', { claims: { scope: undefined, scp: ['weather:current'] } as never }],
];

test.each(accepted)('a token %s is accepted', async (_what, options) => {
  const server = await startServer();
  const token = await server.credentials.issuer.token(options);
  expect((await post(server, authorization(token))).status).toBe(200);
});

test('clocks may differ by a few seconds', async () => {
  const server = await startServer();
  const token = await server.credentials.issuer.token({ claims: { exp: now() - 1, nbf: now() + 2 } });
  expect((await post(server, authorization(token))).status).toBe(200);
});

test('OAUTH_AUDIENCE replaces the endpoint as the audience', async () => {
  const server = await startServer({ OAUTH_AUDIENCE: 'weather-api' });
  expect((await post(server)).status).toBe(401);
  const token = await server.credentials.issuer.token({ claims: { aud: 'weather-api' } });
  expect((await post(server, authorization(token))).status).toBe(200);
});

test('the client and the person are one client, whatever their names are', async () => {
  const server = await startServer({ RATE_LIMIT: '3' });
  const { issuer } = server.credentials;
  const long = 'x'.repeat(500);
  for (const claims of [
    { client_id: 'agent', sub: 'agent' },
    { client_id: undefined, azp: 'notebook', sub: 'auth0|ann' } as never,
    { sub: 'ann"}\n{"level":"error","message":"forged"}' },
    { client_id: long, sub: 'ann' },
  ]) {
    await post(server, authorization(await issuer.token({ claims })));
  }
  const answered = () => server.lines.filter((line) => line.message === 'request answered');
  await vi.waitUntil(() => answered().length === 4);
  expect(answered().map((line) => line.client)).toEqual([
    'oauth:agent',
    'oauth:notebook,auth0|ann',
    expect.stringMatching(/^oauth:notebook,ann_[^"{}\n]*~[0-9a-f]{12}$/),
    expect.stringMatching(/^oauth:x{80}~[0-9a-f]{12},ann$/),
  ]);
  expect(server.lines.some((line) => line.message === 'forged')).toBe(false);
});

test('the token goes no further than this server', async () => {
  const seen: string[] = [];
  const upstream = createServer((request, response) => {
    seen.push(JSON.stringify([request.url, request.rawHeaders]));
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void upstream.close());
  await once(upstream, 'listening');
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const server = await startServer(standInEnv(url));
  await (await post(server)).text();
  expect(seen).not.toEqual([]);
  expect(`${seen}`).not.toMatch(/authorization/i);
  expect(`${seen}`).not.toContain(server.credentials.token);
});
