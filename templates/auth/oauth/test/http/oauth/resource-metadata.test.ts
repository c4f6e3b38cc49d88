import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { readSettings } from '../../../src/config.ts';
import { authSettings } from '../../../src/http/auth.ts';
import { post, startServer } from '../../support/server.ts';

const root = '/.well-known/oauth-protected-resource';

/** fetch does not let a caller choose the Host header. */
function get(url: string, headers: Record<string, string>): Promise<{ body: unknown; challenge: unknown }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, async (response) => {
      const body = JSON.parse(await text(response));
      resolve({ body, challenge: response.headers['www-authenticate'] });
    })
      .on('error', reject)
      .end();
  });
}

test.each([root, `${root}/mcp`])('%s tells clients where to get a token, without one', async (path) => {
  const server = await startServer();
  const response = await fetch(`${server.url}${path}`, { headers: { origin: 'https://app.example.com' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await response.json()).toEqual({
    resource: 'https://weather.example.com/mcp',
    resource_name: expect.any(String),
    authorization_servers: [server.credentials.issuer.url],
    scopes_supported: ['weather:current', 'weather:forecast'],
    bearer_methods_supported: ['header'],
  });
});

test('a page may ask with headers of its own', async () => {
  const server = await startServer();
  const response = await fetch(`${server.url}${root}/mcp`, { method: 'OPTIONS' });
  expect([response.status, response.headers.get('access-control-allow-headers')]).toEqual([204, '*']);
});

test('a client without a token is told where to look', async () => {
  const server = await startServer();
  const response = await post(server, { authorization: '' });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain(
    `resource_metadata="https://weather.example.com${root}/mcp"`,
  );
});

test('nothing that a request says gets into metadata or challenge, not even from a proxy', async () => {
  const server = await startServer({ TRUST_PROXY: '127.0.0.1' });
  const forged = {
    host: '10.1.2.3',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    forwarded: 'host=evil.example;proto=http',
  };
  const plain = await get(`${server.url}${root}/mcp`, {});
  expect(await get(`${server.url}${root}/mcp`, forged)).toEqual(plain);
  const { challenge } = await get(`${server.url}/mcp`, forged);
  expect(challenge).toContain('"https://weather.example.com/.well-known/');
  expect(challenge).not.toMatch(/evil|10\.1/);
});

test('the public name may call without being listed', async () => {
  const server = await startServer();
  const { body } = await get(`${server.url}/mcp`, { host: 'weather.example.com' });
  expect(body).toEqual({ error: 'Unauthorized' });
  expect((await get(`${server.url}/mcp`, { host: 'evil.example' })).body).toMatchObject({
    error: { code: -32_000 },
  });
});

test('behind a path, the metadata is where the standard wants it', async () => {
  const server = await startServer({ PUBLIC_URL: 'https://example.com/weather/' });
  const url = `${root}/weather/mcp`;
  const { challenge } = await get(`${server.url}/mcp`, {});
  expect(challenge).toContain(`resource_metadata="https://example.com${url}"`);
  expect((await get(`${server.url}${url}`, {})).body).toMatchObject({
    resource: 'https://example.com/weather/mcp',
  });
});

test.each([
  ['http://weather.example.com', 'plain http'],
  ['https://user:pass@weather.example.com', 'a password'],
  ['https://weather.example.com/?a=b', 'a query'],
  ['https://weather.example.com/#a', 'a fragment'],
  ['weather.example.com', 'no scheme'],
])('%s is refused as an address (%s)', (url) => {
  const good = 'https://good.example.com';
  for (const name of ['PUBLIC_URL', 'OAUTH_ISSUER'])
    expect(() => readSettings(authSettings, { PUBLIC_URL: good, OAUTH_ISSUER: good, [name]: url })).toThrow(
      `${name} must be an https URL`,
    );
});

test('both addresses have to be set', () => {
  expect(() => readSettings(authSettings, {})).toThrow(
    /(?=.*PUBLIC_URL is not set)(?=.*OAUTH_ISSUER is not set)/,
  );
});
