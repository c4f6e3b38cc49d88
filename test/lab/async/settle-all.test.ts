import { expect, it } from 'vitest';
import { settleAll } from '../../../src/lab/async/settle-all.ts';

it('returns all results, in order', async () => {
  expect(await settleAll([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
});

it('rejects only when nothing goes on behind the back of who waits', async () => {
  let finish = () => {};
  let finished = false;
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  }).then(() => {
    finished = true;
  });
  const all = settleAll([Promise.reject(new Error('first')), slow, Promise.reject(new Error('second'))]);
  const seen = all.catch((error: Error) => ({ message: error.message, finished }));
  // Whatever rejected has been handled by then, and has not decided.
  await new Promise((resolve) => setImmediate(resolve));
  finish();
  expect(await seen).toEqual({ message: 'first', finished: true });
});
