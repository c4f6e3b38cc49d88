import type { FastifyRequest } from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { limitedRefusalLog } from '../../src/http/refusal-log.ts';
import { post, startServer } from '../support/server.ts';

test('a flood of refusals is a line a second, and the number of the others', () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const lines: object[] = [];
  const log = { debug() {}, info() {}, warn: (line: object) => void lines.push(line), error() {} };
  const refused = limitedRefusalLog(log, 'refused');
  const request = { log, client: { id: 'address:192.0.2.1' } } as unknown as FastifyRequest;
  const first = { client: 'address:192.0.2.1', reason: 'forged' };

  for (let count = 0; count < 100; count += 1) refused(request, { reason: 'forged' });
  expect(lines).toEqual([first]);
  vi.advanceTimersByTime(1_000);
  expect(lines).toEqual([first, { notLogged: 99 }]);
  // The line with the number has a second of its own.
  refused(request, { reason: 'forged' });
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(2_000);
  refused(request, { reason: 'forged' });
  expect(lines).toEqual([first, { notLogged: 99 }, { notLogged: 1 }, first]);
});

test('a server that is flooded logs who began it, and counts the rest', async () => {
  const server = await startServer({ RATE_LIMIT: '1000000' });
  const started = performance.now();
  for (let count = 0; count < 20; count += 1) await post(server, { authorization: 'Bearer made-up' });
  const written = () =>
    server.lines.filter(({ message }) => /^(API key|access token) refused$/.test(`${message}`));
  expect(written()[0]).toMatchObject({ level: 'warn', client: 'address:127.0.0.1' });
  const counted = () =>
    written().reduce((sum, { notLogged }) => sum + (typeof notLogged === 'number' ? notLogged : 1), 0);
  await expect.poll(counted, { timeout: 5_000 }).toBe(20);
  expect(written().length).toBeLessThanOrEqual(2 + (performance.now() - started) / 1_000);
  expect(JSON.stringify(written())).not.toContain('made-up');
});
