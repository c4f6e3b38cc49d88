import { expect, test } from 'vitest';
import { joinTrace, traceOf } from '../src/trace-context.ts';
import { post, startServer } from './support/server.ts';

const id = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

test.each([
  [`00-${id}-${span}-01`, true],
  [`00-${id}-${span}-00`, false],
  [`cc-${id}-${span}-01-of-a-later-version`, true],
])('%s is the caller', (traceparent, sampled) => {
  expect(traceOf(traceparent)).toEqual({ id, caller: { spanId: span, sampled } });
});

test.each([
  undefined,
  7,
  '',
  'nonsense',
  `00-${id.toUpperCase()}-${span}-01`,
  `ff-${id}-${span}-01`,
  `00-${'0'.repeat(32)}-${span}-01`,
  `00-${id}-${'0'.repeat(16)}-01`,
  `00-${id}-${span}-01-more`,
  `00-${id}-${span}-01\n`,
  `cc-${id}-${span}-01-${'x'.repeat(10_000)}`,
])('%j begins a new trace', (traceparent) => {
  const trace = traceOf(traceparent);
  expect(trace.id).toMatch(/^(?!0{32})[\da-f]{32}$/);
  expect(trace.id).not.toBe(id);
  expect(trace.caller).toBeUndefined();
});

test('the first caller counts', () => {
  const trace = traceOf(`00-${id}-${span}-01`);
  joinTrace(trace, `00-${'a'.repeat(32)}-${span}-01`);
  expect(trace.id).toBe(id);
});

function traceIds(lines: Array<Record<string, unknown>>): unknown[] {
  return [...new Set(lines.filter((line) => line.requestId !== undefined).map((line) => line.traceId))];
}

test('all lines of a request carry the trace of its header', async () => {
  const server = await startServer();
  await (await post(server, { traceparent: `00-${id}-${span}-01` })).text();
  expect(server.lines.map((line) => line.message)).toEqual(
    expect.arrayContaining([
      'cache miss',
      'weather service answered',
      'tool call answered',
      'request answered',
    ]),
  );
  expect(traceIds(server.lines)).toEqual([id]);
});

test('all lines of a request carry the trace that the message itself names', async () => {
  const server = await startServer();
  const _meta = { traceparent: `00-${id}-${span}-01` };
  const params = { name: 'get_weather', arguments: { city: 'London' }, _meta };
  await (
    await post(server, {}, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
  ).text();
  expect(traceIds(server.lines)).toEqual([id]);
});

test('requests without a trace get one each', async () => {
  const server = await startServer();
  await (await post(server)).text();
  await (await post(server, { traceparent: 'nonsense' })).text();
  expect(traceIds(server.lines)).toEqual([
    expect.stringMatching(/^[\da-f]{32}$/),
    expect.stringMatching(/^[\da-f]{32}$/),
  ]);
});
