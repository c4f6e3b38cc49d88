import { expect, test } from 'vitest';
import { allScopes, requiredScopes } from '../../../src/http/oauth/scopes.ts';
import { authorization, connect, post, startServer, type TestServer } from '../../support/server.ts';

const current = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'get_weather', arguments: { city: 'Oslo' } },
};
const forecast = { ...current, id: 2, params: { name: 'get_forecast', arguments: { city: 'Oslo' } } };
const read = { jsonrpc: '2.0', id: 3, method: 'resources/read', params: { uri: 'weather://Oslo/current' } };
const list = { jsonrpc: '2.0', id: 4, method: 'tools/list', params: {} };

async function ask(server: TestServer, scope: string, body: unknown) {
  const token = await server.credentials.issuer.token({ claims: { scope } });
  return post(server, authorization(token), JSON.stringify(body));
}

test.each([
  ['the tool that it covers', 'weather:current', current],
  ['the resource that it covers', 'weather:current', read],
  ['lists, whatever it covers', 'openid', list],
])('a token may use %s', async (_what, scope, body) => {
  const server = await startServer();
  expect((await ask(server, scope, body)).status).toBe(200);
});

test.each([
  ['a tool', 'weather:current', forecast, 'weather:forecast'],
  ['a resource', 'weather:forecast', read, 'weather:current'],
  ['a tool, with a scope that only begins alike', 'weather:current.x weather', current, 'weather:current'],
  ['a tool, without any scope', '', current, 'weather:current'],
  [
    'a tool that is in no table',
    'weather:current',
    { ...current, params: { name: 'constructor' } },
    allScopes.join(' '),
  ],
  [
    'a resource that is in no table',
    'weather:current',
    { ...read, params: { uri: 'file:///x' } },
    allScopes.join(' '),
  ],
  ['a batch with one call too many', 'weather:current', [list, current, forecast], allScopes.join(' ')],
])('a token may not use %s', async (_what, scope, body, needed) => {
  const server = await startServer();
  const response = await ask(server, scope, body);
  expect(response.status).toBe(403);
  expect(response.headers.get('www-authenticate')).toBe(
    'Bearer resource_metadata="https://weather.example.com/.well-known/oauth-protected-resource/mcp", ' +
      `scope="${needed}", error="insufficient_scope"`,
  );
  expect(server.upstream.requests).toEqual([]);
});

test('bodies that are no messages need nothing, and harm nobody', async () => {
  const server = await startServer();
  for (const body of [null, 7, 'tools/call', [[forecast]], [null], { method: 'tools/list', params: null }]) {
    const response = await ask(server, 'openid', body);
    expect(response.status).toBeLessThan(500);
    await response.text();
    expect(server.upstream.requests).toEqual([]);
  }
});

test('every tool and resource of this server is in the table', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const { tools } = await client.listTools();
  for (const { name } of tools) {
    expect(requiredScopes({ method: 'tools/call', params: { name } })).toHaveLength(1);
  }
  const { resourceTemplates } = await client.listResourceTemplates();
  for (const { uriTemplate } of resourceTemplates) {
    const uri = uriTemplate.replace(/\{[^}]+\}/g, 'Oslo');
    expect(requiredScopes({ method: 'resources/read', params: { uri } })).toHaveLength(1);
  }
});
