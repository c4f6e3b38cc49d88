import { expect, test } from 'vitest';
import { MemoryLimiter } from '../../src/store/memory-limiter.ts';

test('each client has a count of its own', () => {
  const limiter = new MemoryLimiter({ limit: 2, windowMs: 60_000 });
  expect(['a', 'a', 'a', 'b'].map((client) => limiter.take(client).allowed)).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

test('no more clients are tracked than fit, and the newest of them are', () => {
  const limiter = new MemoryLimiter({ limit: 1, windowMs: 60_000 });
  limiter.take('first');
  for (let count = 0; count < 10_000; count += 1) limiter.take(`made-up-${count}`);
  expect(limiter.take('made-up-9999').allowed).toBe(false);
  expect(limiter.take('first').allowed).toBe(true);
});
