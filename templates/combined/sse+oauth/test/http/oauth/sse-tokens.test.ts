import { expect, test } from 'vitest';
import { authorization, post, startServer } from '../../support/server.ts';

const root = '/.well-known/oauth-protected-resource';

test.each([
  ['/mcp', 'POST', '/mcp'],
  ['/sse', 'GET', '/sse'],
  ['/messages?sessionId=none', 'POST', '/sse'],
])('%s sends clients to the metadata of the path that they connect to', async (path, method, resource) => {
  const server = await startServer();
  const refused = await fetch(`${server.url}${path}`, { method });
  expect(refused.status).toBe(401);
  const where = `${root}${resource}`;
  expect(refused.headers.get('www-authenticate')).toContain(
    `resource_metadata="https://weather.example.com${where}"`,
  );
  expect(await (await fetch(`${server.url}${where}`)).json()).toMatchObject({
    resource: `https://weather.example.com${resource}`,
  });
});

test('tokens for either path are taken, and no others', async () => {
  const server = await startServer();
  const statusWith = async (aud: string) =>
    (await post(server, authorization(await server.credentials.issuer.token({ claims: { aud } })))).status;
  expect(await statusWith('https://weather.example.com/sse')).toBe(200);
  expect(await statusWith('https://weather.example.com/mcp')).toBe(200);
  expect(await statusWith('https://weather.example.com/health')).toBe(401);
});

test('messages need the scopes of what they ask for', async () => {
  const server = await startServer();
  const token = await server.credentials.issuer.token({ claims: { scope: 'weather:current' } });
  const refused = await fetch(`${server.url}/messages?sessionId=none`, {
    method: 'POST',
    headers: { ...authorization(token), 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_forecast' } }),
  });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('www-authenticate')).toContain('scope="weather:forecast"');
});
