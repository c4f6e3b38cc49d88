import { expect, test, vi } from 'vitest';
import { Drain } from '../../src/process/drain.ts';

test('waits for what is being worked on, and refuses only when it waits no more', async () => {
  const drain = new Drain();
  const [call, late] = [{}, {}];
  drain.begin(call);
  drain.announce();
  expect([drain.started, drain.refusing]).toEqual([true, false]);
  const finished = drain.finish(60_000);
  expect([drain.refusing, drain.size]).toEqual([true, 1]);
  expect(drain.begin(late)).toBe(true);
  drain.end(call);
  drain.end(late);
  expect(await finished).toBe(0);
  expect(drain.begin({})).toBe(false);
});

test('a body that never comes is not waited for', async () => {
  vi.useFakeTimers();
  try {
    const drain = new Drain();
    drain.arrive({});
    const finished = drain.finish(60_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await finished).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('tells how much is still open when the time is up', async () => {
  const drain = new Drain();
  drain.begin({});
  expect(await drain.finish(1)).toBe(1);
});
