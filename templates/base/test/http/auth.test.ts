import { expect, test } from 'vitest';
import { post, startServer, token } from '../support/server.ts';

test.each(['POST', 'GET', 'DELETE', 'PUT'])(
  '%s without a key is refused with a challenge',
  async (method) => {
    const { url } = await startServer();
    const response = await fetch(`${url}/mcp`, { method });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
    expect(await response.json()).toEqual({ error: 'Unauthorized' });
  },
);

test.each(['wrong', token.slice(1), `${token}x`, ''])('the key "%s" is refused', async (key) => {
  const server = await startServer();
  expect((await post(server, { authorization: `Bearer ${key}` })).status).toBe(401);
});

test('every configured key is accepted', async () => {
  const server = await startServer();
  expect((await post(server)).status).toBe(200);
  expect((await post(server, { authorization: 'bearer another-key' })).status).toBe(200);
});

test('no key reaches the log', async () => {
  const server = await startServer();
  await post(server);
  await post(server, { authorization: 'Bearer a-wrong-key' });
  const log = JSON.stringify(server.lines);
  for (const secret of [token, 'a-wrong-key', 'an-upstream-key']) expect(log).not.toContain(secret);
});
