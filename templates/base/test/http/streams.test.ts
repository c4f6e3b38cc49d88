import { expect, test } from 'vitest';
import { authorization, connect, post, startServer } from '../support/server.ts';

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

const listen = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'subscriptions/listen',
  params: {
    notifications: { toolsListChanged: true },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});
const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' };

test('one client gets a tenth of the streams, rounded up, and leaves the others to the others', async () => {
  const server = await startServer({ MAX_STREAMS: '11' });
  const open = (token = server.credentials.token) =>
    post(server, { ...authorization(token), ...modern }, listen);
  const first = await open();
  expect([first.status, (await open()).status]).toEqual([200, 200]);
  const refused = await open();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  expect(await refused.json()).toMatchObject({
    jsonrpc: '2.0',
    error: { code: -32_000, message: expect.stringContaining('which may have 2') },
    id: null,
  });
  const { otherToken } = server.credentials;
  if (otherToken !== undefined) expect((await open(otherToken)).status).toBe(200);

  const ended = new Promise((resolve) => server.services.events.once('stream', resolve));
  await first.body?.cancel();
  await ended;
  expect((await open()).status).toBe(200);
});
