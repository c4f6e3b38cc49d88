import { expect, test } from 'vitest';
import { connect, startServer } from '../support/server.ts';

test('streams are bounded, and one that ends makes room', async () => {
  const server = await startServer({ MAX_STREAMS: '1' });
  const [first, second] = [await connect(server, 'modern'), await connect(server, 'modern')];
  const told: boolean[] = [];
  server.services.events.on('stream', ({ open }) => told.push(open));
  await first.listen({ toolsListChanged: true });
  await expect(second.listen({ toolsListChanged: true })).rejects.toThrow(/503|Too many open streams/);
  const ended = new Promise((resolve) => server.services.events.once('stream', resolve));
  await first.close();
  await ended;
  await second.listen({ toolsListChanged: true });
  expect(told).toEqual([true, false, true]);
});
