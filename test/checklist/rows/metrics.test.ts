import { describe, expect, it } from 'vitest';
import type { SourceFacts } from '../../../src/evidence/source.ts';
import type { MetricFamily } from '../../../src/evidence/wire.ts';
import { answer, at, project, recordWire, source } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'metrics';
const family = (name: string, type: string, ...labels: string[]): MetricFamily => ({ name, type, labels });
const cpu = family('process_cpu_seconds_total', 'counter');

function exposed(families: MetricFamily[] | null, status = 200) {
  const { wire, exchange } = recordWire();
  const id = exchange(answer(status), { method: 'GET', path: '/metrics', credential: 'none' });
  wire.metrics.push({ path: '/metrics', exchange: id, families });
  return { wire };
}

describe('metrics of a running server', () => {
  it('asks for the project’s files only where they were not read', () => {
    const reasonOf = (evidence: Parameters<typeof judgeCriterion>[2]) =>
      judgeCriterion(row, 'exposed', { ...exposed(null, 404), ...evidence }).reason;
    expect(reasonOf({})).toMatch(/Add --project to judge its files\.$/);
    expect(reasonOf({ project: project() })).toMatch(/may push metrics or use another port\.$/);
  });

  it.each([
    [
      'prom-client',
      [cpu, family('mcp_http_request_duration_seconds', 'histogram', 'method', 'status', 'le')],
    ],
    [
      'prometheus_client',
      [
        family('http_requests_total', 'counter', 'method'),
        family('http_request_latency_seconds', 'summary'),
        family('tool_errors_total', 'counter'),
      ],
    ],
    [
      'OpenTelemetry',
      [family('http_server_request_duration_seconds', 'histogram', 'http_response_status_code')],
    ],
    ['no types', [family('rpc_calls_total', 'untyped', 'outcome'), family('rpc_latency_ms', 'untyped')]],
  ])('passes with rate, errors and duration as %s writes them', (_, families) => {
    expect(judgeRow(row, exposed(families))).toMatchObject({ verdict: 'pass', proof: 'observed' });
  });

  it('fails when no metric is about requests', () => {
    expect(judgeRow(row, exposed([cpu, family('nodejs_heap_size_total_bytes', 'gauge')])).verdict).toBe(
      'fail',
    );
  });

  it.each([
    ['something is missing', exposed([family('http_requests_total', 'counter')])],
    ['it is another text', exposed(null)],
    ['it needs a credential', exposed(null, 401)],
    ['there is nothing', exposed(null, 404)],
    ['nobody asked', recordWire()],
  ])('is unknown when %s', (_, evidence) => {
    expect(judgeRow(row, evidence).verdict).toBe('unknown');
  });
});

const used = (role: 'measures' | 'exposes') => ({
  library: 'prom-client',
  role,
  at: at('src/metrics.ts', 3),
});
const judge = (metrics: SourceFacts['metrics'], mcp = true) =>
  judgeCriterion('metrics', 'exposed', {
    project: project({
      source: source({
        mcpImports: mcp ? [{ library: 'fastmcp', at: at('src/server.ts') }] : [],
        packages: [''],
        metrics,
      }),
    }),
  }).verdict;

describe('metrics in files', () => {
  it('pass when the source measures and exposes metrics', () => {
    expect(judge([used('measures'), used('exposes')])).toBe('pass');
  });

  it('are inconclusive otherwise', () => {
    expect(judge([used('measures')])).toBe('inconclusive');
    expect(judge([])).toBe('inconclusive');
    expect(judge([used('measures'), used('exposes')], false)).toBe('inconclusive');
  });
});
