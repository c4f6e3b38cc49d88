import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { HealthProbe } from '../../src/http/health-probe.ts';
import { call, post, startServer } from '../support/server.ts';
import { requestsPerProbe } from '../support/stand-in-answers.ts';

const nothing = () => undefined;

test('healthy while the weather service answers', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'healthy', server: 'operational', api_connectivity: true });
});

test.each(['fail', 'hold', 'drip', 'reset', 'busy', 401] as const)(
  'degraded within a second while it does not (%s)',
  async (mode) => {
    const { url, upstream } = await startServer();
    upstream.mode = mode;
    const started = performance.now();
    const response = await fetch(`${url}/health`);
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'degraded',
      server: 'operational',
      api_connectivity: false,
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  },
);

test('polling does not hammer the weather service', async () => {
  const { url, upstream } = await startServer();
  upstream.mode = 'fail';
  await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/health`)));
  await fetch(`${url}/health`);
  expect(upstream.requests).toHaveLength(requestsPerProbe);
});

test('what calls have shown needs no asking', async () => {
  const server = await startServer();
  await (await post(server)).text();
  const before = server.upstream.requests.length;
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(server.upstream.requests).toHaveLength(before);

  server.upstream.mode = 'fail';
  for (const city of ['a', 'b', 'c', 'd', 'e']) await (await post(server, {}, call(city))).text();
  server.upstream.mode = 'answer';
  server.upstream.requests.length = 0;
  expect((await fetch(`${server.url}/health`)).status).toBe(503);
  expect(server.upstream.requests).toHaveLength(0);
});

test('an answer is good for a while, then the question is asked again', async () => {
  let now = 0;
  const ask = vi.fn(async () => now < 100);
  const probe = new HealthProbe({ known: nothing, ask, ttlMs: 100, timeoutMs: 1_000, now: () => now });
  expect([await probe.check(), await probe.check()]).toEqual([true, true]);
  now = 100;
  expect(await probe.check()).toBe(false);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('a question that is not answered in time is a no, and is not asked a second time meanwhile', async () => {
  let now = 0;
  let answer = (_healthy: boolean) => {};
  const ask = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
  const probe = new HealthProbe({ known: nothing, ask, ttlMs: 100, timeoutMs: 10, now: () => now });
  expect(await Promise.all([probe.check(), probe.check()])).toEqual([false, false]);
  now = 100;
  expect(await probe.check()).toBe(false);
  expect(ask).toHaveBeenCalledTimes(1);
  answer(true);
  await setImmediate();
  now = 200;
  const checked = probe.check();
  expect(ask).toHaveBeenCalledTimes(2);
  answer(true);
  expect(await checked).toBe(true);
});

test('a question that cannot be asked is a no', async () => {
  const ask = () => Promise.reject(new Error('broken'));
  const probe = new HealthProbe({ known: nothing, ask, ttlMs: 100, timeoutMs: 1_000 });
  expect(await probe.check()).toBe(false);
});
