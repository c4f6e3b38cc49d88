import { expect, test } from 'vitest';
import { authorization, post, startServer } from '../support/server.ts';

test.each(['POST', 'GET', 'DELETE', 'PUT'])(
  '%s without a token is refused with a challenge',
  async (method) => {
    const { url } = await startServer();
    const response = await fetch(`${url}/mcp`, { method });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer (?!.*error=)/);
    expect(await response.json()).toEqual({ error: 'Unauthorized' });
  },
);

test('a token that is not quite right is refused', async () => {
  const server = await startServer();
  const { token } = server.credentials;
  for (const wrong of ['wrong', token?.slice(1), `${token}x`, '']) {
    const response = await post(server, { authorization: `Bearer ${wrong}` });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  }
});

test('every known client is served, whatever the case of the scheme', async () => {
  const server = await startServer();
  expect((await post(server)).status).toBe(200);
  const other = { authorization: `bearer ${server.credentials.otherToken}` };
  expect((await post(server, other)).status).toBe(200);
});

test('strangers cannot use up the share of a client, nor clients that of one another', async () => {
  const server = await startServer({ RATE_LIMIT: '3' });
  const statuses = [];
  for (let count = 0; count < 5; count += 1) {
    statuses.push((await post(server, { authorization: 'Bearer guess' })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  for (const status of [200, 200, 200, 429]) expect((await post(server)).status).toBe(status);
  expect((await post(server, authorization(server.credentials.otherToken))).status).toBe(200);
});

test('no token reaches the log', async () => {
  const server = await startServer();
  await post(server);
  await post(server, { authorization: 'Bearer a-wrong-token' });
  const log = JSON.stringify(server.lines);
  expect(server.lines.length).toBeGreaterThan(1);
  for (const secret of [server.credentials.token, 'a-wrong-token']) expect(log).not.toContain(secret);
});
