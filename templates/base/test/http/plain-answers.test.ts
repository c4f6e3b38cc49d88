import { createMcpHandler, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { answerPlainly } from '../../src/http/plain-answers.ts';
import { post, startServer } from '../support/server.ts';

const revision = { 'mcp-protocol-version': '2025-11-25' };
const callTool = (params: object) => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
const weather = { name: 'get_weather', arguments: { city: 'London' } };

test('a call of the 2025 revisions is answered with JSON', async () => {
  const response = await post(await startServer(), revision, callTool(weather));
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toMatchObject({
    id: 1,
    result: { structuredContent: { place: 'London, GB' } },
  });
});

test('a call that asks for progress gets a stream', async () => {
  const asking = callTool({ ...weather, _meta: { progressToken: 1 } });
  const response = await post(await startServer(), revision, asking);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await response.text()).toContain('London, GB');
});

test('what the SDK refuses leaves a line that says why', async () => {
  const server = await startServer();
  const response = await post(server, { ...revision, accept: 'application/json' });
  expect(response.status).toBe(406);
  expect(server.lines.filter(({ message }) => message === 'message refused')).toMatchObject([
    { level: 'warn', reason: expect.stringContaining('Not Acceptable') },
  ]);
});

const fail = (error: Error) => {
  throw error;
};

/** A handler for a server with one tool, `work`. */
function handlerFor(work: (context: ServerContext) => Promise<void>, capabilities = {}) {
  const createServer = () => {
    const server = new McpServer({ name: 'test', version: '1.0.0' }, { capabilities });
    server.registerTool('work', {}, async (context: ServerContext) => {
      await work(context);
      return { content: [] };
    });
    return server;
  };
  return answerPlainly(createMcpHandler(createServer), createServer, fail);
}

const request = (signal?: AbortSignal) =>
  new Request('http://127.0.0.1/mcp', {
    method: 'POST',
    headers: {
      ...revision,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: callTool({ name: 'work' }),
    ...(signal !== undefined && { signal }),
  });
const parsedBody = JSON.parse(callTool({ name: 'work' }));

test('a server that may send log messages keeps its streams', async () => {
  const handler = handlerFor((context) => context.mcpReq.log('info', 'half of it is done'), { logging: {} });
  const response = await handler.fetch(request(), { parsedBody });
  expect(await response.text()).toContain('half of it is done');
});

test('a call is cancelled when its client leaves', async () => {
  const client = new AbortController();
  let cancelled: unknown;
  const handler = handlerFor(
    (context) =>
      new Promise((resolve) => {
        context.mcpReq.signal.addEventListener('abort', () => {
          cancelled = true;
          resolve();
        });
        client.abort();
      }),
  );
  const response = await handler.fetch(request(client.signal), { parsedBody });
  expect([cancelled, response.status]).toEqual([true, 499]);
});
