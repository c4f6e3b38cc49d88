import { expect, test } from 'vitest';
import { createEvents, type OverloadEvent } from '../../src/events.ts';
import { Overload } from '../../src/http/overload.ts';
import { Drain } from '../../src/process/drain.ts';
import { post, startServer } from '../support/server.ts';

/** Keeps the event loop busy, as a flood of requests would. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('those at the end of a long turn are refused, those of the next one are not', async () => {
  const events = createEvents();
  const told: OverloadEvent[] = [];
  const over = new Promise<void>((resolve) => {
    events.on('overload', (event) => {
      told.push(event);
      if (!event.overloaded) resolve();
    });
  });
  const overload = new Overload(new Drain(), events);
  expect(overload.refuse()).toBe(false);
  block(1_100);
  expect([overload.refuse(), overload.refuse()]).toEqual([true, true]);
  await new Promise(setImmediate);
  expect(overload.refuse()).toBe(false);
  await over;
  expect(told).toEqual([
    { overloaded: true, refused: 1 },
    { overloaded: false, refused: 2 },
  ]);
});

test('with too many calls in flight more are refused, and probes are answered', async () => {
  const server = await startServer();
  const calls = Array.from({ length: 1_000 }, () => ({}));
  for (const work of calls) server.drain.begin(work);
  const refused = await post(server);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await refused.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32_000 }, id: null });
  for (const path of ['/health', '/livez?deep', '/readyz']) {
    expect((await fetch(`${server.url}${path}`)).status).toBe(200);
  }
  expect(server.lines.map((line) => line.message)).toContain('overloaded, requests are refused');
  for (const work of calls) server.drain.end(work);
  expect((await post(server)).status).toBe(200);
});
