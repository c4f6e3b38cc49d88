import { expect, test } from 'vitest';
import { readExposition } from '../../../src/collect/wire/probes/exposition.ts';

test('families, types and labels are read, in both formats', () => {
  const text = [
    '# HELP http_requests_total Requests, "quoted" \\\\ and so on.',
    '# TYPE http_requests_total counter',
    'http_requests_total{method="GET",path="/a\\"b,c{}"} 3 1395066363000',
    '# TYPE latency_seconds histogram',
    'latency_seconds_bucket{le="+Inf"} 3 # {trace_id="abc"} 0.67',
    'latency_seconds_sum 1.5e-3',
    'latency_seconds_count 3',
    '# TYPE tool_calls_total counter',
    'up 1',
    'temperature -Inf',
    'ratio NaN',
    '# EOF',
    '',
  ].join('\n');
  expect(readExposition(text)).toEqual([
    { name: 'http_requests_total', type: 'counter', labels: ['method', 'path'] },
    { name: 'latency_seconds', type: 'histogram', labels: ['le'] },
    { name: 'tool_calls_total', type: 'counter', labels: [] },
    { name: 'up', type: 'untyped', labels: [] },
    { name: 'temperature', type: 'untyped', labels: [] },
    { name: 'ratio', type: 'untyped', labels: [] },
  ]);
});

test('a text that was cut off is read up to its last whole line', () => {
  expect(readExposition('up 1\nhttp_requests_to')).toHaveLength(1);
});

test.each([
  ['a page', '<!doctype html>\n<title>up 1</title>\n'],
  ['JSON', '{"status":"ok"}'],
  ['prose', 'Metrics are off.\n'],
  ['nothing', ''],
  ['comments only', '# nothing here\n'],
  ['a long line', `${'a'.repeat(200_000)}\n`],
  ['many labels that never end', `up{${'a="b",'.repeat(50_000)}\n`],
])('%s is none', (_what, text) => {
  expect(readExposition(text)).toBeNull();
});
