import { expect, test, vi } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { authSettings, createAuth } from '../../src/http/auth.ts';
import { authorization, post, startServer } from '../support/server.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test.each([
  [' , ', /MCP_API_KEY holds no key/],
  ['good,a b', /holds a key with spaces/],
  ['good,schlüssel', /holds a key with spaces/],
  ['name:', /holds a name without a key/],
  [':key', /is no name/],
  ['Name:key', /is no name/],
  [`${'n'.repeat(65)}:key`, /is no name/],
])('"%s", which nobody could present, stops the start', (value, problem) => {
  expect(() => readSettings(authSettings, { MCP_API_KEY: value })).toThrow(problem);
  expect(() => readSettings(authSettings, { MCP_API_KEY: value })).not.toThrow(/good|schlüssel|Name:key/);
});

test('without any key it does not start', async () => {
  await expect(createAuth(readSettings(authSettings, {}), silent)).rejects.toThrow(/MCP_API_KEY is not set/);
});

test('a key cannot belong to two clients', async () => {
  const settings = readSettings(authSettings, { MCP_API_KEY: 'ann:the-same-key,ben:the-same-key' });
  await expect(createAuth(settings, silent)).rejects.toThrow(
    /MCP_API_KEY holds one key for two clients, ann and ben/,
  );
});

test('a client with a name appears by it, another by a fingerprint', async () => {
  const server = await startServer({ MCP_API_KEY: 'ann:a-key-with:a-colon-in-it,a-key-without-a-name' });
  for (const key of ['a-key-with:a-colon-in-it', 'a-key-without-a-name']) {
    expect((await post(server, authorization(key))).status).toBe(200);
  }
  // The name is no part of the key.
  expect((await post(server, authorization('ann:a-key-with:a-colon-in-it'))).status).toBe(401);
  const answered = () => server.lines.filter((line) => line.message === 'request answered');
  await vi.waitUntil(() => answered().length === 2);
  expect(answered().map((line) => line.client)).toEqual(['ann', expect.stringMatching(/^key:[0-9a-f]{12}$/)]);
});

test('the keys of one name share its limit', async () => {
  const server = await startServer({
    MCP_API_KEY: 'ann:the-old-key-of-ann,ann:the-new-key-of-ann,ben:the-key-of-ben-here',
    RATE_LIMIT: '2',
  });
  const statuses = [];
  for (const key of ['the-old-key-of-ann', 'the-new-key-of-ann', 'the-old-key-of-ann', 'the-key-of-ben-here'])
    statuses.push((await post(server, authorization(key))).status);
  expect(statuses).toEqual([200, 200, 429, 200]);
});

test('a short key is warned of at the start, by its client', async () => {
  const server = await startServer({ MCP_API_KEY: 'ann:tiny7,ben:a-key-of-16-chars' });
  const warnings = server.lines.filter((line) => line.level === 'warn');
  expect(warnings).toMatchObject([{ client: 'ann', message: expect.stringContaining('shorter than 16') }]);
  expect(JSON.stringify(server.lines)).not.toContain('tiny7');
});
