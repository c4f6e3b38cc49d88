import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { readSettings } from '../../src/config.ts';
import { createEvents, type StoreEvent } from '../../src/events.ts';
import { createStore, storeSettings } from '../../src/store/store.ts';
import { post, startServer } from '../support/server.ts';
import { requestsPerQuestion } from '../support/stand-in-answers.ts';
import { storeEnv } from '../support/store-env.ts';

function open(url: string) {
  const events = createEvents();
  const changes: StoreEvent[] = [];
  events.on('store', (change) => changes.push(change));
  const store = createStore(readSettings(storeSettings, { REDIS_URL: url }), events);
  onTestFinished(() => store.close());
  return { store, changes };
}

/** Accepts connections and says nothing, like a process that has been stopped. */
async function startMute(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['refuses connections', async () => String(storeEnv.REDIS_URL), 'ECONNREFUSED'],
  ['does not answer', startMute, 'timeout'],
])('while Redis %s, limits and answers are kept in memory', async (_what, start, code) => {
  const { store, changes } = open(await start());
  const limiter = store.limiter({ name: 'test', limit: 2, windowMs: 60_000 });
  const verdicts = [await limiter.take('a'), await limiter.take('a'), await limiter.take('a')];
  expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, false]);

  const schema = z.object({ value: z.number() });
  const cache = store.cache({ name: 'test', schema, ttlMs: 60_000, maxEntries: 10 });
  const load = vi.fn(async () => ({ value: 1 }));
  expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([
    { value: 1 },
    { value: 1 },
  ]);
  expect(await cache.get('a', load)).toEqual({ value: 1 });
  expect(load).toHaveBeenCalledTimes(1);

  expect(changes).toEqual([{ available: false, code }]);
});

test('closing does not wait for a Redis that does not answer', async () => {
  const { store } = open(await startMute());
  await store.close();
  const limiter = store.limiter({ name: 'test', limit: 1, windowMs: 60_000 });
  expect(await limiter.take('a')).toMatchObject({ allowed: true });
});

test('the server starts, limits, remembers, and keeps the password to itself', async () => {
  const server = await startServer({ RATE_LIMIT: '3', REDIS_URL: 'redis://user:hunter2@127.0.0.1:1/0' });
  const statuses = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await post(server)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect(server.upstream.requests).toHaveLength(requestsPerQuestion);
  expect(server.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      message: 'store is unavailable, going on in memory',
      code: 'ECONNREFUSED',
    }),
  );
  expect(JSON.stringify(server.lines)).not.toContain('hunter2');
});

test.each([
  ['', /REDIS_URL is not set \(where Redis listens/],
  ['http://user:hunter2@redis', /REDIS_URL must be a redis or rediss URL/],
  ['hunter2', /REDIS_URL must be a redis or rediss URL/],
  ['redis:', /REDIS_URL must be a redis or rediss URL/],
])('REDIS_URL=%s stops the start', (value, problem) => {
  const read = () => readSettings(storeSettings, { REDIS_URL: value });
  expect(read).toThrow(problem);
  expect(read).not.toThrow(/hunter2/);
});
