import { expect, test } from 'vitest';
import { MemoryLimiter } from '../../src/store/memory-limiter.ts';

function create(limit: number, windowMs = 60_000) {
  const clock = { now: 1_000 };
  const limiter = new MemoryLimiter({ name: 'test', limit, windowMs }, () => clock.now);
  return { clock, take: (client = 'a', count = 1, needed = count) => limiter.take(client, count, needed) };
}

test('each client has a count of its own', () => {
  const { take } = create(2);
  expect(['a', 'a', 'a', 'b'].map((client) => take(client).allowed)).toEqual([true, true, false, true]);
});

test('a client is told how much is left, and when to come back', () => {
  const { clock, take } = create(2);
  expect(take()).toEqual({ allowed: true, remaining: 1, resetMs: 60_000 });
  clock.now += 10_000;
  expect(take()).toEqual({ allowed: true, remaining: 0, resetMs: 50_000 });
  const refused = take();
  expect(refused).toEqual({ allowed: false, remaining: 0, resetMs: 50_000 });
  clock.now += refused.resetMs - 1;
  expect(take().allowed).toBe(false);
  clock.now += 1;
  expect(take().allowed).toBe(true);
  expect(take().allowed).toBe(false);
});

test('several are counted together or not at all, and fit when a client was told', () => {
  const { clock, take } = create(5);
  expect(take('a', 2)).toEqual({ allowed: true, remaining: 3, resetMs: 60_000 });
  clock.now += 10_000;
  expect(take('a', 2)).toEqual({ allowed: true, remaining: 1, resetMs: 50_000 });
  expect(take('a', 2)).toEqual({ allowed: false, remaining: 1, resetMs: 50_000 });
  // The first two make room for three, and it takes the next two to make room for four.
  expect(take('a', 3)).toEqual({ allowed: false, remaining: 1, resetMs: 50_000 });
  expect(take('a', 3, 4)).toEqual({ allowed: false, remaining: 1, resetMs: 60_000 });
  clock.now += 59_999;
  expect(take('a', 4).allowed).toBe(false);
  clock.now += 1;
  expect(take('a', 4)).toEqual({ allowed: true, remaining: 1, resetMs: 60_000 });
});

test('refused requests do not count', () => {
  const { clock, take } = create(1);
  take();
  for (let second = 1; second < 60; second += 1) {
    clock.now += 1_000;
    expect(take().allowed).toBe(false);
  }
  clock.now += 1_000;
  expect(take().allowed).toBe(true);
});

test('a client that stays below the limit is never refused', () => {
  const { clock, take } = create(60);
  for (let count = 0; count < 500; count += 1) {
    expect(take().allowed).toBe(true);
    clock.now += 1_100;
  }
});

// A deterministic sequence of gaps, so that a failure can be repeated.
function* gaps(seed: number) {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state % 4_000;
  }
}

test.each([1, 2, 3])('no window of its length lets more through than the limit (%i)', (seed) => {
  const { clock, take } = create(25);
  const allowed: number[] = [];
  const gap = gaps(seed);
  for (let count = 0; count < 2_000; count += 1) {
    if (take().allowed) allowed.push(clock.now);
    clock.now += gap.next().value ?? 0;
  }
  const busiest = allowed.map(
    (start) => allowed.filter((time) => time >= start && time < start + 60_000).length,
  );
  expect(Math.max(...busiest)).toBe(25);
});

test('a burst across the edge of a minute gets no second helping', () => {
  const { clock, take } = create(10);
  take();
  clock.now += 59_000;
  for (let count = 0; count < 9; count += 1) expect(take().allowed).toBe(true);
  clock.now += 1_000;
  expect(Array.from({ length: 10 }, () => take().allowed).filter(Boolean)).toHaveLength(1);
});

test('no more clients are tracked than fit, and the newest of them are', () => {
  const { take } = create(1);
  take('first');
  for (let count = 0; count < 10_000; count += 1) take(`made-up-${count}`);
  expect(take('made-up-9999').allowed).toBe(false);
  expect(take('first').allowed).toBe(true);
});
