import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createEvents, type UpstreamCallEvent } from '../../src/events.ts';
import { deadlineIn } from '../../src/weather/deadline.ts';
import { createUpstreams } from '../../src/weather/upstream.ts';
import { type Mode, startStandIn } from '../support/stand-in.ts';
import { example } from '../support/stand-in-answers.ts';

const question = { ...example, query: { ...example.query, key: 'a-secret' }, schema: z.looseObject({}) };

async function start({ timeoutMs = 5_000, openMs = 60_000 } = {}) {
  const standIn = await startStandIn();
  const events = createEvents();
  const calls: UpstreamCallEvent[] = [];
  const circuits: boolean[] = [];
  events.on('upstreamCall', (call) => calls.push(call));
  events.on('circuit', ({ open }) => circuits.push(open));
  const upstreams = createUpstreams({ timeoutMs, events, openMs });
  const upstream = upstreams.connect(standIn.url);
  onTestFinished(async () => {
    await upstreams.close();
    await standIn.close();
  });
  const get = (schema: z.ZodType = question.schema) =>
    upstream.get({ ...question, schema }, { deadline: deadlineIn(timeoutMs) });
  const failTimes = async (count: number) => {
    for (let n = 0; n < count; n += 1) await expect(get()).rejects.toThrow();
  };
  return { standIn, events, calls, circuits, upstreams, upstream, known: upstreams.known, get, failTimes };
}

test('a good answer arrives parsed', async () => {
  const { get, calls } = await start();
  expect(await get()).toBeTypeOf('object');
  expect(calls).toMatchObject([{ outcome: 'ok', status: 200 }]);
});

test.each(['hold', 'drip'] as const)(
  'an upstream that stalls (%s) costs no more than the timeout',
  async (mode) => {
    const { standIn, get } = await start({ timeoutMs: 500 });
    standIn.mode = mode;
    const started = performance.now();
    await expect(get()).rejects.toMatchObject({ reason: 'timeout' });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(standIn.requests).toHaveLength(1);
  },
);

test('what is wrong with the upstream keeps its address and the key to itself', async () => {
  const { standIn, get, calls } = await start();
  standIn.mode = 'fail';
  await expect(get()).rejects.toMatchObject({ reason: 'unavailable' });
  await standIn.close();
  await expect(get()).rejects.toMatchObject({ message: expect.not.stringContaining('127.0.0.1') });
  expect(calls.at(-1)?.code).toBe('ECONNREFUSED');
  expect(JSON.stringify(calls)).not.toContain('a-secret');
});

test.each([
  ['without what is needed', z.object({ never: z.string() })],
  ['of another kind', z.array(z.string())],
])('an answer %s is a failure', async (_what, schema) => {
  const { get, calls } = await start();
  await expect(get(schema)).rejects.toMatchObject({ reason: 'unavailable' });
  expect(calls).toMatchObject([{ outcome: 'unavailable', status: 200, code: 'UNEXPECTED_ANSWER' }]);
});

test.each(['hang-up', 'reset', 'busy', 'gone'] as const)(
  'one failure that passes (%s) costs no call',
  async (mode) => {
    const { standIn, get, calls } = await start();
    await get();
    standIn.next = [mode];
    expect(await get()).toBeTypeOf('object');
    expect(calls.slice(1)).toMatchObject([{ retryInMs: expect.any(Number) }, { outcome: 'ok' }]);
  },
);

test('a warm connection that the upstream has closed costs no call', async () => {
  const { standIn, get } = await start();
  for (let count = 0; count < 20; count += 1) {
    await get();
    standIn.closeConnections();
  }
});

test.each([
  ['hang-up', 3],
  ['gone', 3],
  ['busy', 3],
  ['fail', 1],
] as const)('what goes on failing (%s) is asked %i times and no more', async (mode, times) => {
  const { standIn, get } = await start();
  standIn.mode = mode;
  await expect(get()).rejects.toThrow(/Try again in/);
  expect(standIn.requests).toHaveLength(times);
});

test('without time for another attempt there is none', async () => {
  const { standIn, upstream } = await start();
  standIn.mode = 'gone';
  const deadline = { signal: AbortSignal.timeout(5_000), leftMs: () => 0.01 };
  await expect(upstream.get(question, { deadline })).rejects.toThrow();
  expect(standIn.requests).toHaveLength(1);
});

test('Retry-After is kept to when the call has time for it', async () => {
  const { standIn, get, calls } = await start();
  standIn.retryAfter = '1';
  standIn.next = ['busy'];
  await get();
  expect(calls[0]?.retryInMs).toBeGreaterThan(990);
});

test.each([
  ['seconds', 'busy', '90', /Try again in 90 seconds/],
  ['a date', 'gone', new Date(Date.now() + 600_000).toUTCString(), /Try again in (9|10) minutes/],
] as const)(
  'Retry-After (%s) that goes beyond the call ends it, and keeps others from asking',
  async (_what, mode, retryAfter, message) => {
    const { standIn, get, known } = await start();
    standIn.retryAfter = retryAfter;
    standIn.next = [mode];
    await expect(get()).rejects.toThrow(message);
    await expect(get()).rejects.toThrow(message);
    expect(standIn.requests).toHaveLength(1);
    expect(known()).toBe(false);
  },
);

test('after five failures in a row it is asked no more, until one call shows that it is back', async () => {
  const { standIn, get, failTimes, circuits, events, known } = await start({ openMs: 300 });
  standIn.mode = 'fail';
  await failTimes(5);
  expect(standIn.requests).toHaveLength(5);
  expect([circuits, known()]).toEqual([[true], false]);
  await expect(get()).rejects.toThrow(/not available.*Try again in 1 second\./);
  expect(standIn.requests).toHaveLength(5);

  // Time for one call, which fails: that is no news, and the circuit opens again.
  await expect.poll(known).toBeUndefined();
  await failTimes(2);
  expect([standIn.requests.length, circuits]).toEqual([6, [true]]);

  standIn.mode = 'answer';
  const closed = once(events, 'circuit');
  await expect.poll(known).toBeUndefined();
  await Promise.all([get(), get(), get()]);
  await closed;
  expect([circuits, known()]).toEqual([[true, false], true]);
});

test('a service of several hosts is not known to answer before each of them has', async () => {
  const { standIn, upstreams, known, get } = await start();
  const other = upstreams.connect(standIn.url);
  await get();
  expect(known()).toBeUndefined();
  await other.get(question, { deadline: deadlineIn(5_000) });
  expect(known()).toBe(true);
});

test('while one call finds out whether it is back, others wait for that and do not ask', async () => {
  const { standIn, get, failTimes, known } = await start({ openMs: 100 });
  standIn.mode = 'fail';
  await failTimes(5);
  await expect.poll(known).toBeUndefined();
  standIn.mode = 'hold';
  const arrived = standIn.nextRequest();
  const calls = Promise.allSettled([get(), get(), get()]);
  await arrived;
  expect(standIn.requests).toHaveLength(6);
  standIn.release();
  expect((await calls).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
});

test('retries stop when the circuit opens', async () => {
  const { standIn, failTimes, calls } = await start();
  standIn.mode = 'gone';
  await failTimes(3);
  expect(standIn.requests).toHaveLength(5);
  expect(calls.map(({ retryInMs }) => retryInMs !== undefined)).toEqual([true, true, false, true, false]);
});

test.each([404, 401])('answers with status %i say nothing against the upstream', async (status) => {
  const { standIn, failTimes, circuits } = await start();
  standIn.mode = status;
  await failTimes(6);
  expect(standIn.requests).toHaveLength(6);
  expect(circuits).toEqual([]);
});

test('answers that are of no use do not hold on to their connection', async () => {
  const { standIn, failTimes } = await start();
  standIn.mode = 404;
  await failTimes(40);
  expect(standIn.requests).toHaveLength(40);
  expect(standIn.mostConnections).toBeLessThan(10);
});

test('what is known: yes after good answers of all hosts, nothing after a failure', async () => {
  const { standIn, get, known } = await start();
  expect(known()).toBeUndefined();
  await get();
  expect(known()).toBe(true);
  standIn.mode = 'fail';
  await expect(get()).rejects.toThrow();
  expect(known()).toBeUndefined();
  const modes: Mode[] = [404, 'answer'];
  for (standIn.mode of modes) {
    await get().catch(() => {});
    expect(known()).toBe(true);
  }
});

test('no more than 32 requests are under way to one host', async () => {
  const { standIn, get } = await start();
  standIn.mode = 'hold';
  const calls = Array.from({ length: 40 }, () => get());
  await expect.poll(() => standIn.requests.length).toBe(32);
  standIn.release();
  await Promise.all(calls);
  expect(standIn.requests).toHaveLength(40);
  expect(standIn.mostConnections).toBe(32);
});
