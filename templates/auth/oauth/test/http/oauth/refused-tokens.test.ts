import { expect, test, vi } from 'vitest';
import { type AccessToken, TokenRefused } from '../../../src/http/oauth/access-token.ts';
import { KeysUnavailable } from '../../../src/http/oauth/issuer-keys.ts';
import { limitRefused, maxRefusedPerSecond, TooManyRefused } from '../../../src/http/oauth/refused-tokens.ts';
import { authorization, post, startServer } from '../../support/server.ts';

/** Tokens that begin with "good" are. The test moves the clock. */
function create() {
  const clock = { now: 0 };
  const verify = vi.fn(async (token: string): Promise<AccessToken> => {
    if (!token.startsWith('good')) throw new TokenRefused('made up');
    return { client: token, scopes: new Set(), endsAt: 0 };
  });
  const check = limitRefused(verify, () => clock.now);
  const outcome = (token: string, address = 'a') =>
    check(token, address).then(
      () => 'good',
      (error: Error) => error.constructor,
    );
  return { clock, verify, outcome };
}

const times = (count: number) => Array.from({ length: count }, (_, index) => `made-up-${index}`);

test('an address that had too many tokens refused has no more of them checked, for a second', async () => {
  const { clock, verify, outcome } = create();
  for (const token of times(maxRefusedPerSecond)) expect(await outcome(token)).toBe(TokenRefused);
  for (const token of times(100)) expect(await outcome(token)).toBe(TooManyRefused);
  expect(verify).toHaveBeenCalledTimes(maxRefusedPerSecond);
  expect(await outcome('made-up', 'b')).toBe(TokenRefused);
  clock.now += 999;
  expect(await outcome('good')).toBe(TooManyRefused);
  clock.now += 1;
  expect(await outcome('good')).toBe('good');
});

test('a flood does not pass in one wave', async () => {
  const { verify, outcome } = create();
  await outcome('made-up');
  await Promise.all(times(1_000).map((token) => outcome(token)));
  expect(verify).toHaveBeenCalledTimes(maxRefusedPerSecond);
});

test('good tokens do not count, however many of an address come at once', async () => {
  const { outcome } = create();
  const outcomes = await Promise.all(Array.from({ length: 1_000 }, (_, index) => outcome(`good-${index}`)));
  expect(new Set(outcomes)).toEqual(new Set(['good']));
});

test('tokens that cannot be checked do not count', async () => {
  const { verify, outcome } = create();
  verify.mockRejectedValue(new KeysUnavailable(1_000));
  for (const token of times(2 * maxRefusedPerSecond)) expect(await outcome(token)).toBe(KeysUnavailable);
});

test('made-up tokens are answered 429 without a look, and shut out no client that was known before', async () => {
  const server = await startServer({ RATE_LIMIT: '1000000' });
  const { issuer, token, otherToken } = server.credentials;
  expect((await post(server)).status).toBe(200);
  const madeUp = authorization(await issuer.token({ claims: { aud: 'https://other.example.com' } }));
  const started = performance.now();
  expect((await post(server, madeUp)).status).toBe(401);
  const flood = await Promise.all(Array.from({ length: 400 }, () => post(server, madeUp)));
  const seconds = Math.ceil((performance.now() - started) / 1_000);
  const checked = flood.filter(({ status }) => status === 401);
  expect(checked.length).toBeLessThan(maxRefusedPerSecond * (seconds + 1));
  const refused = flood.filter(({ status }) => status === 429);
  expect(refused.length + checked.length).toBe(400);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(await refused[0]?.json()).toMatchObject({
    jsonrpc: '2.0',
    error: { code: -32_000, message: expect.stringContaining('of this address') },
  });
  expect((await post(server, authorization(token))).status).toBe(200);
  await expect
    .poll(async () => (await post(server, authorization(otherToken))).status, { timeout: 5_000 })
    .toBe(200);
});
