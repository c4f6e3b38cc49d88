import { expect, it } from 'vitest';
import { createSemaphore } from '../../../src/lab/async/semaphore.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets so many in, and the first that waits comes next', async () => {
  const semaphore = createSemaphore(2);
  const order: string[] = [];
  const enter = async (name: string) => {
    const leave = await semaphore.acquire(never);
    order.push(name);
    return leave;
  };
  const [first] = await Promise.all([enter('a'), enter('b')]);
  const third = enter('c');
  const fourth = enter('d');
  await settled();
  expect(order).toEqual(['a', 'b']);
  first?.();
  // Twice is once.
  first?.();
  (await third)();
  await fourth;
  expect(order).toEqual(['a', 'b', 'c', 'd']);
});

it('forgets one that does not wait any more', async () => {
  const semaphore = createSemaphore(1);
  const leave = await semaphore.acquire(never);
  const interrupt = new AbortController();
  const waiting = semaphore.acquire(interrupt.signal);
  const next = semaphore.acquire(never);
  interrupt.abort(new Error('not any more'));
  await expect(waiting).rejects.toThrow('not any more');
  leave();
  await next;
  await expect(semaphore.acquire(interrupt.signal)).rejects.toThrow('not any more');
});
