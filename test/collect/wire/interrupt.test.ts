import { expect, test } from 'vitest';
import { collectWire } from '../../../src/collect/wire/collect.ts';
import { brokenServers } from '../../servers/broken.ts';
import { startDualEraServer } from '../../servers/dual-era.ts';
import { startStatefulServer } from '../../servers/stateful.ts';
import { collect, using } from './support.ts';

test('the user interrupts: it rejects with the reason, and every connection is closed', async () => {
  const reason = new Error('interrupted');
  const server = await using(brokenServers.acceptsAndNeverAnswers());
  const controller = new AbortController();
  const collecting = collect(server, {
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await expect(collecting).rejects.toBe(reason);
  await server.idle();
});

test.each([
  'endpoints',
  'official clients',
  'access with the given credential',
  'access with a wrong credential',
  'malformed requests',
])('interrupted during %s', async (step) => {
  const reason = new Error('interrupted');
  const server = await using(startStatefulServer());
  const controller = new AbortController();
  const onProgress = (next: string) => {
    if (next === step) setImmediate(() => controller.abort(reason));
  };
  await expect(collect(server, { signal: controller.signal, onProgress })).rejects.toBe(reason);
  await server.idle();
});

test('interrupted before it began, nothing is sent', async () => {
  const server = await using(startDualEraServer());
  await expect(collect(server, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  expect(server.requests).toEqual([]);
});

test('a spent budget ends the pass with what was seen', async () => {
  const server = await using(brokenServers.silentEvents());
  const evidence = await collect(server, { timeoutMs: 400, budgetMs: 700 });
  expect(evidence.exchanges.length).toBeGreaterThan(0);
  expect(evidence.omitted.at(-1)?.reason).toBe('The budget of 700 ms was spent.');
});

test('what cannot be sent is a failure, not an exception', async () => {
  const server = await using(startDualEraServer());
  const evidence = await collectWire({
    url: server.url,
    token: 'line\nbreak',
    headers: [{ name: 'bad name', value: 'x' }],
    endpoints: {},
    timeoutMs: 500,
    budgetMs: 5_000,
    clientVersion: '1.0.0',
    signal: new AbortController().signal,
  });
  expect(evidence.clients[0]?.outcome.connected).toBe(false);
  expect(server.requests).toEqual([]);
});
