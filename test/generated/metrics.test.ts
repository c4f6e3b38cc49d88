import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { generateProject, sharedProject, startGenerated } from '../support/generated-server.ts';
import { connectHttp } from '../support/mcp-clients.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

const sample = /^[a-z\d_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[\d.e+-]+(NaN|Inf)?$/;
const names = [
  'mcp_http_request_duration_seconds',
  'mcp_tool_call_duration_seconds',
  'mcp_upstream_request_duration_seconds',
  'mcp_upstream_circuit_open',
  'mcp_cache_reads_total',
  'mcp_rate_limit_decisions_total',
  'mcp_store_degraded',
  'mcp_overloaded',
  'mcp_open_streams',
];

describe('metrics of a generated server', () => {
  test('are in Prometheus’s format, under the names that dashboards and rules use', async () => {
    const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url });
    onTestFinished(() => void server.child.kill('SIGKILL'));
    const client = await connectHttp('v2 modern', server.url, server.token);
    onTestFinished(() => client.close());
    await client.callTool({ name: 'get_weather', arguments: { city: 'Oslo' } });
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    for (const name of names)
      expect(text).toMatch(new RegExp(`^# TYPE ${name} (histogram|gauge|counter)$`, 'm'));
    for (const line of text.split('\n').filter((line) => line !== '' && !line.startsWith('#')))
      expect(line).toMatch(sample);
    expect(text).toMatch(/^mcp_tool_call_duration_seconds_count\{tool="get_weather",outcome="ok"\} 1$/m);
  });

  test.each([
    ['METRICS_TOKEN', 'short', 'must have at least 16 characters'],
    ['ALERT_WEBHOOK_URL', 'hooks.example.com/a-secret', 'must be an http or https URL'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'must be an http or https URL'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'must be one of always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half', 'must be a number from 0 to 1'],
  ])('%s=%s ends the start, and the value is not repeated', async (name, value, problem) => {
    const failure = await startGenerated(project, { [name]: value }).catch((error: Error) => error);
    expect(String(failure)).toMatch(new RegExp(`exited with 1: .*${name} ${problem}`));
    expect(String(failure)).not.toContain(value);
  });

  test('--observability none leaves neither code nor dependencies nor settings of it', async () => {
    const bare = await generateProject({ select: { observability: 'none' }, install: false, git: false });
    const files = (await readdir(bare, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    for (const file of files.filter(({ name }) => name !== 'package-lock.json')) {
      const path = join(file.parentPath, file.name);
      expect(path.slice(bare.length)).not.toMatch(/metrics|alert|traces/);
      const text = await readFile(path, 'utf8');
      expect(text, path).not.toMatch(/prom-client|@opentelemetry|ALERT_WEBHOOK_URL|METRICS_TOKEN|OTEL_/);
    }
  });
});
