import { expect, test } from 'vitest';
import { post, startServer } from '../support/server.ts';

const settings = { RATE_LIMIT: '3', RATE_WINDOW: '60' };

test('a client beyond its limit is told when to come back', async () => {
  const server = await startServer(settings);
  for (const remaining of ['2', '1', '0']) {
    const response = await post(server);
    expect(response.status).toBe(200);
    expect(response.headers.get('ratelimit-remaining')).toBe(remaining);
  }
  const refused = await post(server);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32_000 } });
});

test('X-Forwarded-For does not reset a limit', async () => {
  const server = await startServer(settings);
  for (let count = 0; count < 4; count += 1) await post(server);
  expect((await post(server, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(429);
});

test('probes are not limited', async () => {
  const { url } = await startServer(settings);
  for (let count = 0; count < 10; count += 1) expect((await fetch(`${url}/livez`)).status).toBe(200);
});
