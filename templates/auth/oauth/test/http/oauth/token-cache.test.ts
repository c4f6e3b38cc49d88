import { expect, onTestFinished, test, vi } from 'vitest';
import type { AccessToken } from '../../../src/http/oauth/access-token.ts';
import { remembering } from '../../../src/http/oauth/token-cache.ts';
import { post, startServer } from '../../support/server.ts';

function create(endsInMs: number) {
  const verify = vi.fn(
    async (token: string): Promise<AccessToken> => ({
      client: token,
      scopes: new Set(),
      endsAt: Date.now() + endsInMs,
    }),
  );
  const check = remembering(verify);
  return { verify, check: (token: string) => check(token, 'address:192.0.2.1') };
}

test('a token is checked once, and taken for no other', async () => {
  const { verify, check } = create(60_000);
  for (const token of ['a', 'b', 'a', 'b']) expect(await check(token)).toMatchObject({ client: token });
  expect(verify.mock.calls).toEqual([
    ['a', 'address:192.0.2.1'],
    ['b', 'address:192.0.2.1'],
  ]);
});

test('a token that has ended is checked again', async () => {
  const { verify, check } = create(-1);
  await check('a');
  await check('a');
  expect(verify).toHaveBeenCalledTimes(2);
});

test('a refusal is not remembered', async () => {
  const { verify, check } = create(60_000);
  verify.mockRejectedValueOnce(new Error('not now'));
  await expect(check('a')).rejects.toThrow('not now');
  expect(await check('a')).toMatchObject({ client: 'a' });
});

test('a token that was accepted is refused when its time is over', async () => {
  const server = await startServer();
  expect((await post(server)).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 + 5_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect((await post(server)).status).toBe(401);
});
