import { expect, test, vi } from 'vitest';
import { createAuth } from '../../src/http/auth.ts';
import { post, startServer } from '../support/server.ts';

test('everyone is served, whatever they present', async () => {
  const server = await startServer();
  for (const headers of [{}, { authorization: 'Bearer whatever' }, { authorization: 'Basic eDp5' }]) {
    expect((await post(server, headers)).status).toBe(200);
  }
});

test('a token is no way out of the limit of an address', async () => {
  const server = await startServer({ RATE_LIMIT: '2' });
  const statuses = [];
  for (const token of ['a', 'b', 'c'])
    statuses.push((await post(server, { authorization: `Bearer ${token}` })).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test('clients appear as their address, and what they present does not', async () => {
  const server = await startServer();
  await post(server, { authorization: 'Bearer a-token-for-someone-else' });
  await vi.waitUntil(() => server.lines.some((line) => line.message === 'request answered'));
  expect(server.lines).toContainEqual(expect.objectContaining({ client: 'address:127.0.0.1' }));
  expect(JSON.stringify(server.lines)).not.toContain('someone-else');
});

test.each([
  ['127.0.0.1', 'info'],
  ['::1', 'info'],
  ['localhost', 'info'],
  ['0.0.0.0', 'warn'],
  ['::', 'warn'],
  ['192.0.2.7', 'warn'],
])('the log says that authentication is off (HOST=%s: %s)', async (HOST, level) => {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  await createAuth({ HOST }, log);
  const calls = Object.entries(log).flatMap(([name, { mock }]) => mock.calls.map((call) => [name, call]));
  expect(calls).toEqual([[level, expect.anything()]]);
  expect(JSON.stringify(calls)).toMatch(/authentication is off.*HOST/);
});

test('it listens on this machine only unless HOST says otherwise', async () => {
  const server = await startServer();
  expect(server.lines).toContainEqual(
    expect.objectContaining({ level: 'info', message: expect.stringContaining('authentication is off') }),
  );
});
