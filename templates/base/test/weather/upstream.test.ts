import { expect, onTestFinished, test } from 'vitest';
import { createEvents } from '../../src/events.ts';
import { createUpstreams } from '../../src/weather/upstream.ts';
import { startStandIn } from '../support/stand-in.ts';
import { example } from '../support/stand-in-answers.ts';

async function start(timeoutMs: number) {
  const standIn = await startStandIn();
  const upstreams = createUpstreams({ timeoutMs, events: createEvents() });
  const upstream = upstreams.connect(standIn.url);
  onTestFinished(async () => {
    await upstreams.close();
    await standIn.close();
  });
  return { standIn, get: () => upstream.get(example.path, { ...example.query, key: 'a-secret' }) };
}

test('a good answer arrives parsed', async () => {
  const { get } = await start(2_000);
  expect(await get()).toBeTypeOf('object');
});

test.each(['hold', 'drip'] as const)(
  'an upstream that stalls (%s) costs no more than the timeout',
  async (mode) => {
    const { standIn, get } = await start(150);
    standIn.mode = mode;
    const started = performance.now();
    await expect(get()).rejects.toMatchObject({ reason: 'timeout' });
    expect(performance.now() - started).toBeLessThan(1_500);
  },
);

test('an upstream that is down or failing is unavailable, and the error keeps the key to itself', async () => {
  const { standIn, get } = await start(2_000);
  standIn.mode = 'fail';
  await expect(get()).rejects.toMatchObject({ reason: 'unavailable' });
  await standIn.close();
  await expect(get()).rejects.toMatchObject({ message: expect.not.stringContaining('a-secret') });
});
