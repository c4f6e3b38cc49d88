import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { createEvents, type StoreEvent } from '../../src/events.ts';
import { createStore } from '../../src/store/store.ts';
import { defineTakeRequest } from '../../src/store/take-request.ts';
import { startLine, startRedis, type TestRedis, whyNoRedis } from '../support/redis.ts';

const reason = whyNoRedis();
if (reason !== undefined && process.env.CI) throw new Error(`These tests need a Redis: ${reason}.`);
if (reason !== undefined) process.stderr.write(`test/store/redis.test.ts is skipped: ${reason}\n`);

const weather = z.object({ place: z.string(), temperature: z.number() });
const london = { place: 'London', temperature: 12 };

describe.skipIf(reason !== undefined)('with Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.close());

  /** One instance. */
  function open(url = redis.url) {
    const events = createEvents();
    const changes: StoreEvent[] = [];
    const reads: string[] = [];
    events.on('store', (change) => changes.push(change));
    events.on('cacheRead', ({ result }) => reads.push(result));
    const store = createStore({ REDIS_URL: url }, events);
    onTestFinished(() => store.close());
    /** Resolves at the next change. */
    const change = () => new Promise<StoreEvent>((resolve) => events.once('store', resolve));
    return { store, changes, reads, change };
  }

  /** Names of their own, so that tests do not meet in a Redis that others use. */
  const limits = (limit: number, windowMs = 60_000) => ({ name: randomUUID(), limit, windowMs });
  const answers = () => ({ name: randomUUID(), schema: weather, ttlMs: 60_000, maxEntries: 10 });

  test('instances share a limit, exactly, however many ask at once', async () => {
    const options = limits(20);
    const limiters = [open(), open(), open()].map(({ store }) => store.limiter(options));
    const verdicts = await Promise.all(
      Array.from({ length: 90 }, (_, index) => limiters[index % 3]?.take('a')),
    );
    expect(verdicts.filter((verdict) => verdict?.allowed)).toHaveLength(20);
    expect(await limiters[0]?.take('b')).toMatchObject({ allowed: true, remaining: 19 });
  });

  test('who waits as long as told may come back, and refused requests do not count', async () => {
    const limiter = open().store.limiter(limits(2, 1_500));
    expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 0 });
    await wait(200);
    const refused = [await limiter.take('a'), await limiter.take('a'), await limiter.take('a')];
    expect(refused.map(({ allowed }) => allowed)).toEqual([false, false, false]);
    const { resetMs } = refused[0] ?? { resetMs: Number.NaN };
    expect(resetMs).toBeGreaterThan(0);
    expect(resetMs).toBeLessThanOrEqual(1_300);
    await wait(resetMs);
    expect((await limiter.take('a')).allowed).toBe(true);
  });

  test('several are counted together or not at all, and fit when a client was told', async () => {
    const limiter = open().store.limiter(limits(5, 1_500));
    expect(await limiter.take('a', 2)).toMatchObject({ allowed: true, remaining: 3 });
    await wait(300);
    expect(await limiter.take('a', 2)).toMatchObject({ allowed: true, remaining: 1 });
    const three = await limiter.take('a', 3);
    const four = await limiter.take('a', 3, 4);
    expect([three, four]).toMatchObject([
      { allowed: false, remaining: 1 },
      { allowed: false, remaining: 1 },
    ]);
    // It takes the first two to make room for three, and the next two to make room for four.
    expect(four.resetMs).toBeGreaterThanOrEqual(three.resetMs + 250);
    await wait(four.resetMs);
    expect(await limiter.take('a', 4)).toMatchObject({ allowed: true, remaining: 1 });
  });

  test('requests within a step of the first are forgotten with the last of them', async () => {
    await withClient(async (client) => {
      defineTakeRequest(client);
      const resetAfter = async (stepMs: number) => {
        const key = `test:${randomUUID()}`;
        for (let count = 0; count < 2; count += 1) {
          await client.takeRequest(key, 60_000, 9, stepMs, 1, 1);
          await wait(10);
        }
        const [, remaining, resetMs] = await client.takeRequest(key, 60_000, 9, stepMs, 1, 1);
        expect(remaining).toBe(6);
        return resetMs;
      };
      expect(await resetAfter(60_000)).toBe(60_000);
      expect(await resetAfter(0)).toBeLessThan(60_000);
      // The step is one from the first, however close the others follow.
      expect(await resetAfter(15)).toBeLessThan(60_000);
    });
  });

  test('instances share answers, for as long as they last', async () => {
    const options = answers();
    const [one, other] = [open(), open()];
    const load = vi.fn(async () => london);
    expect(await one.store.cache(options).get('london', load)).toEqual(london);
    await vi.waitFor(async () => {
      // A cache of its own has nothing in memory: what it finds comes from Redis.
      expect(await other.store.cache(options).get('london', () => Promise.reject(new Error('no')))).toEqual(
        london,
      );
    });
    expect(load).toHaveBeenCalledTimes(1);
    expect(one.reads).toEqual(['miss']);
    expect(other.reads.at(-1)).toBe('hit');
    const ttl = await withClient(async (client) => client.pttl(await keyOf(client, options.name)));
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(60_000);
  });

  test('equal questions at the same time are one, and failures are not kept', async () => {
    const { store, reads } = open();
    const cache = store.cache(answers());
    const failing = vi.fn(() => Promise.reject(new Error('no')));
    const both = [cache.get('a', failing), cache.get('a', failing)];
    expect(await Promise.allSettled(both)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(failing).toHaveBeenCalledTimes(1);
    expect(await cache.get('a', async () => london)).toEqual(london);
    expect(reads.toSorted()).toEqual(['coalesced', 'miss', 'miss']);
  });

  test.each([
    ['{', 'is no JSON'],
    ['{"place":1}', 'has another shape'],
    ['null', 'is nothing'],
  ])('a value that %s is asked for again (%s)', async (text) => {
    const options = answers();
    await open()
      .store.cache(options)
      .get('london', async () => london);
    await withClient(async (client) => {
      const key = await vi.waitFor(() => keyOf(client, options.name));
      await client.set(key, text, 'PX', 60_000);
    });
    const paris = { place: 'Paris', temperature: 14 };
    expect(
      await open()
        .store.cache(options)
        .get('london', async () => paris),
    ).toEqual(paris);
  });

  test('another shape of answers has other keys', async () => {
    const options = answers();
    const other = { ...options, schema: weather.extend({ humidity: z.number() }) };
    const { store } = open();
    await store.cache(options).get('london', async () => london);
    await store.cache(other).get('london', async () => ({ ...london, humidity: 70 }));
    await withClient((client) =>
      vi.waitFor(async () => expect(await keysOf(client, options.name)).toHaveLength(2)),
    );
  });

  test.each(['cut', 'freeze'] as const)(
    'limits and answers survive an outage (%s), which is told once, as is its end',
    async (fault) => {
      const line = await startLine(redis.url);
      onTestFinished(() => line.close());
      const { store, changes, change } = open(line.url);
      const limiter = store.limiter(limits(3));
      const cache = store.cache(answers());
      await cache.get('london', async () => london);
      for (let count = 0; count < 2; count += 1) expect((await limiter.take('a')).allowed).toBe(true);
      expect(changes).toEqual([]);

      await line[fault]();
      // What was let through before counts.
      expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 0 });
      expect((await limiter.take('a')).allowed).toBe(false);
      expect(await cache.get('london', () => Promise.reject(new Error('no')))).toEqual(london);
      expect(await cache.get('paris', async () => london)).toEqual(london);
      expect(changes).toEqual([{ available: false, code: expect.any(String) }]);

      const back = change();
      await line.restore();
      expect(await back).toEqual({ available: true });
      // So does what was let through meanwhile, of which Redis knows nothing.
      expect((await limiter.take('a')).allowed).toBe(false);
      expect((await limiter.take('b')).allowed).toBe(true);
      expect(changes).toHaveLength(2);
    },
  );

  // Changes what the Redis does for everyone.
  const own = process.env.REDIS_URL === undefined;
  test.runIf(own)('a Redis that is there but refuses to write is not available', async () => {
    const { store, changes, change } = open();
    const limiter = store.limiter(limits(1));
    await withClient((client) => client.config('SET', 'maxmemory', '1'));
    expect((await limiter.take('a')).allowed).toBe(true);
    expect((await limiter.take('a')).allowed).toBe(false);
    expect(changes).toEqual([{ available: false, code: 'OOM' }]);
    const back = change();
    await withClient((client) => client.config('SET', 'maxmemory', '0'));
    expect(await back).toEqual({ available: true });
  });

  async function withClient<Result>(work: (client: Redis) => Promise<Result>): Promise<Result> {
    const client = new Redis(redis.url);
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  async function keyOf(client: Redis, cacheName: string): Promise<string> {
    const [key] = await keysOf(client, cacheName);
    if (key === undefined) throw new Error('nothing is kept yet');
    return key;
  }

  // Not KEYS, which stops a Redis that holds a lot.
  async function keysOf(client: Redis, cacheName: string): Promise<string[]> {
    const batches = client.scanStream({ match: `*:cache:${cacheName}:*`, count: 1_000 });
    return [...new Set((await batches.toArray()).flat())];
  }
});
