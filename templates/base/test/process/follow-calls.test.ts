import { expect, test } from 'vitest';
import { Drain } from '../../src/process/drain.ts';
import { CallFollower } from '../../src/process/follow-calls.ts';

test('calls that share an id are each in flight until they are answered', () => {
  const drain = new Drain();
  const calls = new CallFollower(drain);
  for (let sent = 0; sent < 3; sent += 1) calls.received({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  expect(drain.size).toBe(3);
  calls.sent({ jsonrpc: '2.0', id: 1, result: {} });
  expect(drain.size).toBe(2);
  calls.ended();
  expect(drain.size).toBe(0);
});
