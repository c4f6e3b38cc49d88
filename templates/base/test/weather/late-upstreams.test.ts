import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createEvents } from '../../src/events.ts';
import { deadlineIn } from '../../src/weather/deadline.ts';
import { createLateUpstreams } from '../../src/weather/late-upstreams.ts';
import { startStandIn } from '../support/stand-in.ts';
import { example } from '../support/stand-in-answers.ts';

async function start() {
  const standIn = await startStandIn();
  const upstreams = createLateUpstreams({ timeoutMs: 5_000, events: createEvents() });
  onTestFinished(async () => {
    await upstreams.close();
    await standIn.close();
  });
  const ask = (upstream: ReturnType<typeof upstreams.connect>) =>
    upstream.get({ ...example, schema: z.looseObject({}) }, { deadline: deadlineIn(5_000) });
  return { standIn, upstreams, ask };
}

test('the first questions are answered, also when they come together', async () => {
  const { standIn, upstreams, ask } = await start();
  const upstream = upstreams.connect(standIn.url);
  expect(upstreams.known()).toBeUndefined();
  await Promise.all([ask(upstream), ask(upstream)]);
  expect(standIn.requests).toHaveLength(2);
  expect(upstreams.known()).toBe(true);
});

test('a service of several hosts is not known to answer before each of them has', async () => {
  const { standIn, upstreams, ask } = await start();
  const [one, other] = [upstreams.connect(standIn.url), upstreams.connect(standIn.url)];
  await ask(one);
  expect(upstreams.known()).toBeUndefined();
  await ask(other);
  expect(upstreams.known()).toBe(true);
});

test('can be closed before anything was asked', async () => {
  const { upstreams } = await start();
  await upstreams.close();
  expect(upstreams.known()).toBeUndefined();
});
