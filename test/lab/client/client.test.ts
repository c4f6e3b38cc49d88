import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { LabClient } from '../../../src/lab/client/client.ts';
import { connectClient } from '../../../src/lab/client/http-client.ts';
import { createCanaries } from '../../../src/lab/world/canaries.ts';
import { startClock } from '../../../src/lab/world/clock.ts';
import { afterwards } from '../support.ts';

type Answer = (response: ServerResponse, id: unknown) => void;

/** With this status and body. */
const answering =
  (status: number, body: unknown): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** With an event stream that begins so. */
const streaming =
  (beginning: string, then: (response: ServerResponse) => void): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(beginning, () => then(response));
  };

/**
 * A client of a server that answers calls like this.
 *
 * @param resume answers who asks for the events after one that it names
 */
async function clientOf(answerCall: Answer, resume?: (response: ServerResponse) => void): Promise<LabClient> {
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
    if (request.headers['last-event-id'] !== undefined && resume !== undefined) return resume(response);
    if (request.method === 'GET') return response.writeHead(405).end();
    if (method === 'tools/call') return answerCall(response, id);
    const result = results[method];
    const error = { code: -32_601, message: 'Method not found' };
    const body = { jsonrpc: '2.0', id, ...(result === undefined ? { error } : { result }) };
    answering(id === undefined ? 202 : 200, body)(response, id);
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
  it('that fails keeps everything that the error says', async () => {
    const detailOf = async (status: number, body: object) => {
      const client = await clientOf((response, id) =>
        answering(status, 'jsonrpc' in body ? { ...body, id } : body)(response, id),
      );
      const { outcome } = await client.call('ask', {});
      return 'detail' in outcome ? outcome.detail : outcome.kind;
    };
    const data = { stack: 'at serve (/app/server.js:10:5)' };
    const error = { code: -32_603, message: 'No weather', data };
    const content = [{ type: 'text', text: 'No weather' }];
    const failed = { content, isError: true, structuredContent: data };
    expect(await detailOf(200, { jsonrpc: '2.0', error })).toContain(data.stack);
    expect(await detailOf(500, { jsonrpc: '2.0', error })).toContain(data.stack);
    expect(await detailOf(500, data)).toContain(data.stack);
    expect(await detailOf(200, { jsonrpc: '2.0', result: failed })).toContain(data.stack);
    expect(await detailOf(200, { jsonrpc: '2.0', result: { ...failed, isError: false } })).toBe('result');
  });

  it('that is answered with a JSON-RPC error has an answer, with HTTP 500 as well', async () => {
    const error = { code: -32_603, message: 'No weather' };
    const client = await clientOf(answering(500, { jsonrpc: '2.0', id: null, error }));
    expect(await client.call('ask', {})).toMatchObject({
      outcome: { kind: 'protocol-error', code: -32_603, message: 'No weather' },
    });
  });

  it.each([
    [500, { error: 'Internal Server Error' }],
    [429, { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'Too many requests' } }],
  ])('that is answered with HTTP %i has that', async (status, body) => {
    const client = await clientOf(answering(status, body));
    expect(await client.call('ask', {})).toMatchObject({ outcome: { kind: 'http-error', status } });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['is ended', (response) => response.end()],
    ['breaks off', (response) => response.destroy()],
  ])('is lost when its stream %s before the response', async (_how, then) => {
    const client = await clientOf(streaming(': thinking\n\n', then));
    expect(await client.call('ask', {})).toMatchObject({
      outcome: { kind: 'no-answer', timedOut: false, message: 'the stream ended before the response' },
    });
  });

  it('is answered by a stream that the client resumes', async () => {
    let asked: unknown;
    const result = { content: [{ type: 'text', text: 'Sunny' }] };
    const client = await clientOf(
      (response, id) => {
        asked = id;
        streaming('retry: 10\nid: 1\ndata:\n\n', () => response.end())(response, id);
      },
      (response) => {
        const message = JSON.stringify({ jsonrpc: '2.0', id: asked, result });
        streaming(`id: 2\ndata: ${message}\n\n`, () => response.end())(response, asked);
      },
    );
    expect(await client.call('ask', {})).toMatchObject({
      outcome: { kind: 'result', isError: false, text: 'Sunny' },
    });
  });
});

it('the tools are listed', async () => {
  const client = await clientOf(answering(200, {}));
  expect(await client.list()).toEqual({
    sentMs: expect.any(Number),
    endedMs: expect.any(Number),
    tools: 1,
  });
});
