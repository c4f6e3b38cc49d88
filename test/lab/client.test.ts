import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createCanaries } from '../../src/lab/canaries.ts';
import type { LabClient } from '../../src/lab/client/client.ts';
import { connectClient } from '../../src/lab/client/http-client.ts';
import { startClock } from '../../src/lab/clock.ts';
import { afterwards } from './support.ts';

/** A client of a server that answers calls with this status and body. */
async function clientOf(status: number, body: unknown): Promise<LabClient> {
  const server = createServer(async (request, response) => {
    const { id, method } = JSON.parse((await text(request)) || '{}');
    const results: Record<string, unknown> = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'test', version: '1.0.0' },
      },
      'tools/list': { tools: [{ name: 'ask', inputSchema: { type: 'object' } }] },
    };
    const result = results[method];
    const code = method === 'tools/call' ? status : id === undefined ? 202 : 200;
    response.writeHead(code, { 'content-type': 'application/json' });
    const error = { code: -32_601, message: 'Method not found' };
    const answer = { jsonrpc: '2.0', id, ...(result === undefined ? { error } : { result }) };
    response.end(JSON.stringify(method === 'tools/call' ? body : answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => new Promise((resolve) => server.close(resolve)));
  const client = await connectClient({
    url: new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}/mcp`),
    timeoutMs: 10_000,
    clientVersion: '1.0.0',
    canaries: createCanaries([]),
    now: startClock(),
    signal: new AbortController().signal,
  });
  afterwards(client.close);
  return client;
}

describe('a call', () => {
  it('that is answered with a JSON-RPC error has an answer, with HTTP 500 as well', async () => {
    const error = { code: -32_603, message: 'No weather' };
    const client = await clientOf(500, { jsonrpc: '2.0', id: null, error });
    expect(await client.call('ask', {})).toMatchObject({
      outcome: { kind: 'protocol-error', code: -32_603, message: 'No weather' },
    });
  });

  it.each([
    [500, { error: 'Internal Server Error' }],
    [429, { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'Too many requests' } }],
  ])('that is answered with HTTP %i has that', async (status, body) => {
    const client = await clientOf(status, body);
    expect(await client.call('ask', {})).toMatchObject({ outcome: { kind: 'http-error', status } });
  });
});

it('the tools are listed', async () => {
  const client = await clientOf(200, {});
  expect(await client.list()).toEqual({
    sentMs: expect.any(Number),
    endedMs: expect.any(Number),
    tools: 1,
  });
});
