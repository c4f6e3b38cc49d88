import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { createEvents } from '../../src/events.ts';
import { MemoryCache } from '../../src/store/memory-cache.ts';

function create() {
  const events = createEvents();
  const results: string[] = [];
  events.on('cacheRead', ({ result }) => results.push(result));
  const schema = z.object({ value: z.number() });
  const cache = new MemoryCache({ name: 'test', schema, maxEntries: 2, ttlMs: 60_000 }, events);
  return { cache, results };
}

test('a repeated question is answered from memory', async () => {
  const { cache, results } = create();
  const load = vi.fn(async () => ({ value: 1 }));
  await cache.get('a', load);
  expect(await cache.get('a', load)).toEqual({ value: 1 });
  expect(load).toHaveBeenCalledTimes(1);
  expect(results).toEqual(['miss', 'hit']);
});

test('equal questions at the same time share one answer', async () => {
  const { cache, results } = create();
  const load = vi.fn(async () => ({ value: 2 }));
  expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([
    { value: 2 },
    { value: 2 },
  ]);
  expect(load).toHaveBeenCalledTimes(1);
  expect(results).toEqual(['miss', 'coalesced']);
});

test('failures are not remembered', async () => {
  const { cache } = create();
  await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await cache.get('a', async () => ({ value: 3 }))).toEqual({ value: 3 });
});

test('the number of answers is bounded', async () => {
  const { cache } = create();
  const load = vi.fn(async () => ({ value: 4 }));
  for (const key of ['a', 'b', 'c', 'a']) await cache.get(key, load);
  expect(load).toHaveBeenCalledTimes(4);
});

test('an answer is asked for again when its time is up', async () => {
  // The cache keeps the clock that it found when it was loaded, and reads it once a millisecond at most.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const clock = vi.spyOn(performance, 'now');
  onTestFinished(() => {
    vi.useRealTimers();
    clock.mockRestore();
  });
  const { cache, results } = create();
  for (const time of [1_000, 60_999, 61_002]) {
    clock.mockReturnValue(time);
    await cache.get('a', async () => ({ value: 5 }));
    vi.advanceTimersByTime(1);
  }
  expect(results).toEqual(['miss', 'hit', 'miss']);
});
