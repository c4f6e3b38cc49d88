import { decodeProtectedHeader } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { metadataUrls } from '../../../src/http/oauth/discovery.ts';
import { IssuerKeys, KeysUnavailable } from '../../../src/http/oauth/issuer-keys.ts';
import { type Issuer, startIssuer } from '../../support/issuer.ts';
import { authorization, post, startServer } from '../../support/server.ts';

const minute = 60_000;

/** Keys of a small issuer, with a clock that the test moves. */
async function create(path?: string) {
  const issuer = await startIssuer(path);
  const lines: Array<[level: string, text: string]> = [];
  const write = (level: string) => (first: unknown, second?: unknown) =>
    void lines.push([level, JSON.stringify([first, second])]);
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const clock = { now: 0 };
  const keys = new IssuerKeys({ issuer: issuer.url, log, now: () => clock.now });
  onTestFinished(async () => {
    await keys.close();
    await issuer.close();
  });
  const find = async () => {
    const token = await issuer.token();
    return keys.get(decodeProtectedHeader(token) as never, undefined as never);
  };
  return { issuer, keys, clock, lines, find };
}

const keyRequests = (issuer: Issuer) => issuer.requests.filter((path) => path === '/keys').length;

test.each([
  ['https://a.example', ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']],
  [
    'https://a.example/t1/',
    [
      '/.well-known/oauth-authorization-server/t1',
      '/.well-known/openid-configuration/t1',
      '/t1/.well-known/openid-configuration',
    ],
  ],
])('the metadata of %s is looked for where clients look', (issuer, paths) => {
  expect(metadataUrls(issuer)).toEqual(paths.map((path) => `https://a.example${path}`));
});

test('the last place will do', async () => {
  const { issuer, find } = await create('/t1');
  issuer.missing = new Set(
    metadataUrls(issuer.url)
      .slice(0, 2)
      .map((url) => new URL(url).pathname),
  );
  expect(await find()).toMatchObject({ type: 'public' });
  expect(issuer.requests).toHaveLength(4);
});

test('many tokens at once are one question, and later ones none', async () => {
  const { issuer, find } = await create();
  await Promise.all([find(), find(), find()]);
  await find();
  expect(keyRequests(issuer)).toBe(1);
});

test.each([
  ['another issuer', { issuer: 'https://evil.example' }, /another issuer, .*evil\.example/],
  ['no keys', { jwks_uri: undefined }, /no usable metadata/],
  ['keys over plain http', { jwks_uri: 'http://evil.example/keys' }, /no usable metadata/],
])('metadata that names %s is not used', async (_what, document, problem) => {
  const { issuer, find, lines } = await create();
  issuer.document = document;
  await expect(find()).rejects.toThrow(KeysUnavailable);
  expect(keyRequests(issuer)).toBe(0);
  expect(lines).toEqual([['error', expect.stringMatching(problem)]]);
});

test('after a failure nobody asks for a while, each time a longer one', async () => {
  const { issuer, find, clock, lines } = await create();
  issuer.mode = 'fail';
  const waits = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const before = issuer.requests.length;
    const error = await find().catch((problem) => problem);
    expect(issuer.requests.length).toBeGreaterThan(before);
    waits.push(error.retryInMs / 1000);
    const asked = issuer.requests.length;
    clock.now += error.retryInMs - 1;
    await expect(find()).rejects.toMatchObject({ retryInMs: 1 });
    expect(issuer.requests).toHaveLength(asked);
    clock.now += 1;
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(lines).toHaveLength(9);

  issuer.mode = 'answer';
  await find();
  expect(lines.at(-1)).toEqual(['info', expect.stringContaining('is back')]);
});

test('old keys are exchanged while they go on serving, and outlive an issuer that is down for a while', async () => {
  const { issuer, find, clock, lines } = await create();
  await find();
  clock.now += 11 * minute;
  await find();
  await vi.waitUntil(() => keyRequests(issuer) === 2);

  issuer.mode = 'fail';
  clock.now += 59 * minute;
  await find();
  await vi.waitUntil(() => lines.length === 1);
  clock.now += 2 * minute;
  await expect(find()).rejects.toThrow(KeysUnavailable);
});

test('a server whose issuer is down starts, says when to come back, and recovers', async () => {
  const issuer = await startIssuer();
  onTestFinished(() => issuer.close());
  issuer.mode = 'fail';
  const server = await startServer({ OAUTH_ISSUER: issuer.url });
  const token = authorization(await issuer.token());
  const refused = await post(server, token);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('www-authenticate')).toBeNull();
  expect(await refused.json()).toMatchObject({
    jsonrpc: '2.0',
    error: { message: expect.stringMatching(/Try again/) },
  });
  // Who shows nothing needs no keys to be refused.
  expect((await post(server, { authorization: '' })).status).toBe(401);
  expect(server.lines).toContainEqual(
    expect.objectContaining({ level: 'error', reason: expect.stringContaining('status 500') }),
  );
  issuer.mode = 'answer';
  await vi.waitUntil(async () => (await post(server, token)).status === 200, {
    timeout: 5_000,
    interval: 100,
  });
});

test('a key that is not known yet is asked for once, and made-up ones not at all for a while', async () => {
  const server = await startServer();
  const { issuer } = server.credentials;
  expect((await post(server)).status).toBe(200);
  expect(keyRequests(issuer)).toBe(1);

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minute });
  onTestFinished(() => void vi.useRealTimers());
  await issuer.rotate();
  const fresh = authorization(await issuer.token());
  expect((await post(server, fresh)).status).toBe(200);
  expect(keyRequests(issuer)).toBe(2);

  for (let count = 0; count < 3; count += 1) {
    const madeUp = await issuer.token({ header: { kid: `made-up-${count}` } });
    expect((await post(server, authorization(madeUp))).status).toBe(401);
  }
  expect((await post(server, fresh)).status).toBe(200);
  expect(keyRequests(issuer)).toBe(2);
});
