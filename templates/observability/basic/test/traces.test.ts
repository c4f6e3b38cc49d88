import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { call, connect, post, startServer } from './support/server.ts';
import { requestsPerQuestion } from './support/stand-in-answers.ts';

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number };
}

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code: number };
}

interface Export {
  resourceSpans: Array<{ resource: { attributes: Attribute[] }; scopeSpans: Array<{ spans: Span[] }> }>;
}

// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
const kinds = { server: 2, client: 3 };
const statuses = { unset: 0, error: 2 };

/** What a collector would be. */
async function startCollector(status = 200) {
  const exports: Array<{ path: string; text: string; body: Export }> = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    exports.push({ path: request.url ?? '', text, body: JSON.parse(text) });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const spans = () =>
    exports.flatMap(({ body }) =>
      body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    );
  /** Resolves when as many requests have been received with everything that belongs to them. */
  const requests = (count: number) =>
    new Promise<Span[]>((resolve) => {
      const look = () => {
        if (spans().filter(({ name }) => name.endsWith('/mcp')).length < count) return;
        waiting.delete(look);
        resolve(spans());
      };
      waiting.add(look);
      look();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exports, requests };
}

async function startTraced(env: Record<string, string> = {}, status = 200) {
  const collector = await startCollector(status);
  const server = await startServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '20',
    ...env,
  });
  return { server, collector };
}

function attributesOf({ attributes }: { attributes: Attribute[] }): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerSpan = 'b7ad6b7169203331';

test('a request, its tool call and its request to the weather service are one trace, the caller’s', async () => {
  const { server, collector } = await startTraced();
  await (await post(server, { traceparent: `00-${traceId}-${callerSpan}-01` })).text();
  const spans = await collector.requests(1);
  const [request, tool, upstream] = ['POST /mcp', 'tools/call get_weather', 'GET /'].map((name) =>
    spans.find((span) => span.name.startsWith(name)),
  );
  if (request === undefined || tool === undefined || upstream === undefined)
    throw new Error(JSON.stringify(spans));

  expect(spans.map((span) => span.traceId)).toEqual(spans.map(() => traceId));
  expect([request.parentSpanId, tool.parentSpanId, upstream.parentSpanId]).toEqual([
    callerSpan,
    request.spanId,
    tool.spanId,
  ]);
  expect([request.kind, tool.kind, upstream.kind]).toEqual([kinds.server, kinds.server, kinds.client]);
  for (const span of [request, tool, upstream]) expect(span.status.code).toBe(statuses.unset);
  for (const [outer, inner] of [
    [request, tool],
    [tool, upstream],
  ] as const) {
    expect(BigInt(inner.startTimeUnixNano) >= BigInt(outer.startTimeUnixNano)).toBe(true);
    expect(BigInt(inner.endTimeUnixNano) <= BigInt(outer.endTimeUnixNano)).toBe(true);
  }
  expect(attributesOf(request)).toEqual({
    'http.request.method': 'POST',
    'http.route': '/mcp',
    'http.response.status_code': 200,
  });
  expect(attributesOf(tool)).toEqual({
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'get_weather',
    'mcp.tool.outcome': 'ok',
    'cache.result': 'miss',
  });
  expect(attributesOf(upstream)).toMatchObject({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'server.address': new URL(server.upstream.url).host,
  });

  const [sent] = collector.exports;
  expect(sent?.path).toBe('/v1/traces');
  expect(attributesOf(sent?.body.resourceSpans[0]?.resource ?? { attributes: [] })).toMatchObject({
    'service.version': '0.1.0',
  });
  for (const { text } of collector.exports)
    expect(text).not.toMatch(/London|appid|an-upstream-key|a-client-key/);
});

test('a failed call is an error, with the outcome; the request that carried it is none', async () => {
  const { server, collector } = await startTraced();
  server.upstream.mode = 'fail';
  await (await post(server)).text();
  const spans = await collector.requests(1);
  const tool = spans.find((span) => span.name === 'tools/call get_weather');
  const request = spans.find((span) => span.name === 'POST /mcp');
  expect(tool?.status.code).toBe(statuses.error);
  expect(attributesOf(tool ?? { attributes: [] })).toMatchObject({
    'error.type': 'tool_error',
    'mcp.tool.outcome': 'unavailable',
  });
  expect(request?.status.code).toBe(statuses.unset);
  for (const upstream of spans.filter(({ kind }) => kind === kinds.client)) {
    expect(upstream.status.code).toBe(statuses.error);
    expect(upstream.parentSpanId).toBe(tool?.spanId);
  }
});

test('refused arguments, reads and calls over the cache have their place in the trace', async () => {
  const { server, collector } = await startTraced();
  const client = await connect(server, 'modern');
  await client.callTool({ name: 'get_weather', arguments: { city: '' } });
  await client.readResource({ uri: 'weather://London/current' });
  await client.callTool({ name: 'get_weather', arguments: { city: 'London' } });
  // The first request is the client's server/discover.
  const spans = await collector.requests(4);
  const requests = spans.filter(({ name }) => name === 'POST /mcp').map(({ spanId }) => spanId);
  const of = (name: string) => spans.filter((span) => span.name === name);
  expect(of('tools/call get_weather').map((span) => attributesOf(span)['mcp.tool.outcome'])).toEqual([
    'invalid-input',
    'ok',
  ]);
  expect(of('tools/call get_weather').map((span) => attributesOf(span)['cache.result'])).toEqual([
    undefined,
    'hit',
  ]);
  for (const span of [...of('tools/call get_weather'), ...of('resources/read')])
    expect(requests).toContain(span.parentSpanId);
  expect(spans.filter(({ kind }) => kind === kinds.client).map((span) => span.parentSpanId)).toEqual(
    Array.from({ length: requestsPerQuestion }, () => of('resources/read')[0]?.spanId),
  );
});

test('a trace that begins here has the id that the log has', async () => {
  const { server, collector } = await startTraced();
  await (await post(server)).text();
  const spans = await collector.requests(1);
  const logged = server.lines.find((line) => line.message === 'tool call answered')?.traceId;
  expect(spans.map((span) => span.traceId)).toEqual(spans.map(() => logged));
});

test('callers who do not sample are not recorded, and probes neither', async () => {
  const { server, collector } = await startTraced();
  await (await post(server, { traceparent: `00-${traceId}-${callerSpan}-00` })).text();
  await (await fetch(`${server.url}/livez`)).text();
  await (await fetch(`${server.url}/metrics`)).text();
  await (await post(server, {}, call('Paris'))).text();
  const spans = await collector.requests(1);
  expect(spans.filter((span) => span.traceId === traceId)).toEqual([]);
  expect(spans.filter(({ name }) => /livez|metrics/.test(name))).toEqual([]);
});

test('the sampler is obeyed, and disabling it all too', async () => {
  for (const env of [{ OTEL_TRACES_SAMPLER: 'always_off' }, { OTEL_SDK_DISABLED: 'true' }]) {
    const { server, collector } = await startTraced(env);
    await (await post(server)).text();
    await server.app.close();
    expect(collector.exports).toEqual([]);
  }
});

test('what is left is sent when the server closes', async () => {
  const { server, collector } = await startTraced({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
  await (await post(server)).text();
  await server.app.close();
  expect(await collector.requests(1)).not.toEqual([]);
});

test('a collector that refuses spans costs no call, and one line', async () => {
  const { server, collector } = await startTraced({}, 400);
  for (let count = 1; count <= 3; count += 1) {
    expect((await post(server)).status).toBe(200);
    await collector.requests(count);
  }
  await server.app.close();
  const lines = server.lines.filter((line) => line.message === 'spans not delivered');
  expect(lines).toMatchObject([{ level: 'warn' }]);
});

test('a collector that is gone does not keep the server from closing', async () => {
  const { server } = await startTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  expect((await post(server)).status).toBe(200);
  await server.app.close();
});
