import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createEvents } from '../src/events.ts';
import { collectMetrics } from '../src/metrics/metrics.ts';
import { connect, post, startServer, type TestServer } from './support/server.ts';
import { storeIsLost } from './support/store-env.ts';

async function scrape(server: TestServer): Promise<string> {
  const response = await fetch(`${server.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return response.text();
}

test('requests, tool calls, the weather service, the cache and the rate limit are counted', async () => {
  const server = await startServer({ RATE_LIMIT: '4' });
  const client = await connect(server, 'modern');
  const callFor = (city: string) => client.callTool({ name: 'get_weather', arguments: { city } });
  await callFor('London');
  await callFor('London');
  await callFor('Nowhere');
  await (await post(server)).text();
  const text = await scrape(server);
  for (const line of [
    /^mcp_http_request_duration_seconds_count{method="POST",route="\/mcp",status="200"} \d+$/m,
    /^mcp_http_request_duration_seconds_count{method="POST",route="\/mcp",status="429"} 1$/m,
    /^mcp_tool_call_duration_seconds_count{tool="get_weather",outcome="ok"} 2$/m,
    /^mcp_tool_call_duration_seconds_count{tool="get_weather",outcome="not-found"} 1$/m,
    /^mcp_upstream_request_duration_seconds_count{operation="[^"]+",outcome="ok"} \d+$/m,
    /^mcp_upstream_circuit_open 0$/m,
    /^mcp_cache_reads_total{result="hit"} 1$/m,
    /^mcp_cache_reads_total{result="miss"} [2-9]$/m,
    /^mcp_rate_limit_decisions_total{decision="refused"} 1$/m,
    new RegExp(`^mcp_store_degraded ${storeIsLost ? 1 : 0}$`, 'm'),
    /^mcp_open_streams{kind="listen"} 0$/m,
    /^process_cpu_seconds_total /m,
    /^nodejs_eventloop_lag_seconds /m,
  ]) {
    expect(text).toMatch(line);
  }
});

test('what callers make up adds no series, and no series tells who called', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const probe = async (word: string) => {
    await (await fetch(`${server.url}/${word}?q=${word}`)).text();
    await (await fetch(`${server.url}/${word}`, { method: 'PROPFIND' })).text();
    await client.callTool({ name: word, arguments: {} }).catch(() => undefined);
    await client.callTool({ name: 'get_weather', arguments: { city: '' } });
    return (await scrape(server)).split('\n').filter((line) => line.startsWith('mcp_')).length;
  };
  // The second scrape counts the first.
  await probe('one');
  const known = await probe('two');
  for (const word of ['three', 'four', 'five']) expect(await probe(word)).toBe(known);
  expect(await scrape(server)).not.toMatch(/three|key:|address:|127\.0\.0\.1:\d+.*client/);
});

test('an open stream is counted while it is open, and its end is no slow or failed request', async () => {
  const server = await startServer();
  const { events } = server.services;
  const client = await connect(server, 'modern');
  const opened = new Promise<void>((resolve) => events.once('stream', () => resolve()));
  await client.listen({ toolsListChanged: true });
  await opened;
  const requests = (text: string) => /^mcp_http_request_duration_seconds_count{.*"\/mcp".*$/m.exec(text)?.[0];
  const before = await scrape(server);
  expect(before).toMatch(/^mcp_open_streams{kind="listen"} 1$/m);
  const ended = new Promise<void>((resolve) =>
    events.on('request', ({ stream }) => {
      if (stream) resolve();
    }),
  );
  await Promise.all(server.endpoints.map((endpoint) => endpoint.close()));
  await ended;
  const after = await scrape(server);
  expect(after).toMatch(/^mcp_open_streams{kind="listen"} 0$/m);
  expect(requests(after)).toBe(requests(before));
  expect(server.lines.filter((line) => line.message === 'stream ended')).toMatchObject([{ level: 'info' }]);
});

test('states follow their events', async () => {
  const events = createEvents();
  const registry = collectMetrics(events);
  const states = ['mcp_upstream_circuit_open', 'mcp_store_degraded', 'mcp_overloaded'];
  const valuesNow = () =>
    Promise.all(states.map(async (name) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value));
  events.emit('circuit', { upstream: 'weather', open: true });
  events.emit('store', { available: false });
  events.emit('overload', { overloaded: true, refused: 1 });
  expect(await valuesNow()).toEqual([1, 1, 1]);
  events.emit('circuit', { upstream: 'weather', open: false });
  events.emit('store', { available: true });
  events.emit('overload', { overloaded: false, refused: 9 });
  expect(await valuesNow()).toEqual([0, 0, 0]);
});

test('with a token, nobody reads them without it; any Host may, and the rate limit does not count it', async () => {
  const server = await startServer({ METRICS_TOKEN: 'a-token-for-metrics', RATE_LIMIT: '1' });
  const statusWith = async (headers: Record<string, string>) =>
    (await fetch(`${server.url}/metrics`, { headers })).status;
  expect(await statusWith({})).toBe(401);
  expect(await statusWith({ authorization: 'Bearer a-client-key' })).toBe(401);
  expect(await statusWith({ authorization: 'Bearer a-token-for-metrics-' })).toBe(401);
  for (let count = 0; count < 3; count += 1)
    expect(await statusWith({ authorization: 'bearer a-token-for-metrics' })).toBe(200);
});

test('with a port of their own they are not where clients call', async () => {
  const server = await startServer({ METRICS_PORT: '0' });
  const ready = server.lines.find(({ message }) => message === 'metrics ready');
  const own = await fetch(`http://127.0.0.1:${ready?.port}/metrics`);
  expect(own.status).toBe(200);
  expect(await own.text()).toContain('mcp_open_streams');
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${ready?.port}/mcp`, { method: 'POST' })).status).toBe(404);
  await server.app.close();
  await expect(fetch(`http://127.0.0.1:${ready?.port}/metrics`)).rejects.toThrow();
});

test('a port of their own that is taken ends the start', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await expect(startServer({ METRICS_PORT: `${port}` })).rejects.toThrow(
    `Cannot listen on 127.0.0.1, port ${port}: METRICS_PORT is taken by another process`,
  );
});
