import { pino } from 'pino';
import { expect, test } from 'vitest';
import { shutDown } from '../../src/http/shutdown.ts';
import { connect, post, startServer } from '../support/server.ts';

const silent = pino({ level: 'silent' });
const patient = { SHUTDOWN_DELAY_MS: 0, SHUTDOWN_TIMEOUT_MS: 5_000 };

test.each(['legacy', 'modern'] as const)(
  'a call in flight finishes while new ones are refused (%s)',
  async (era) => {
    const server = await startServer();
    const client = await connect(server, era);
    server.upstream.mode = 'hold';
    const arrived = server.upstream.nextRequest();
    const inFlight = client.callTool({ name: 'get_weather', arguments: { city: 'London' } });
    await arrived;

    const down = shutDown(server, patient, silent);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const refused = await post(server);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);

    server.upstream.release();
    expect(await inFlight).toMatchObject({ structuredContent: { place: 'London, GB' } });
    await down;
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
  },
);

test('open subscription streams do not hold it up', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  await client.listen({ toolsListChanged: true });
  const started = performance.now();
  await shutDown(server, patient, silent);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('a call that takes too long is cut off', async () => {
  const server = await startServer();
  server.upstream.mode = 'hold';
  const arrived = server.upstream.nextRequest();
  const lost = post(server).then((response) => response.text());
  const failed = expect(lost).rejects.toThrow();
  await arrived;
  expect(await shutDown(server, { ...patient, SHUTDOWN_TIMEOUT_MS: 50 }, silent)).toBe(1);
  await failed;
});
