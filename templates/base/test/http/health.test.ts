import { expect, test, vi } from 'vitest';
import { HealthProbe } from '../../src/http/health-probe.ts';
import { startServer } from '../support/server.ts';

test('healthy while the weather service answers', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'healthy', server: 'operational', api_connectivity: true });
});

test.each(['fail', 'hold', 'drip'] as const)(
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
  await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/health`)));
  await fetch(`${url}/health`);
  expect(upstream.requests).toHaveLength(1);
});

test('an answer is good for a while, then the question is asked again', async () => {
  let now = 0;
  const ask = vi.fn(async () => now < 100);
  const probe = new HealthProbe({ ask, ttlMs: 100, timeoutMs: 10, now: () => now });
  expect([await probe.check(), await probe.check()]).toEqual([true, true]);
  now = 100;
  expect(await probe.check()).toBe(false);
  expect(ask).toHaveBeenCalledTimes(2);
});
