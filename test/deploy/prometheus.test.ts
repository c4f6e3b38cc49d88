import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { change, generate, lacks, run } from './support.ts';

const place = 'deploy/observability';

/** Series by name and labels, in promtool's notation: a start, a step and a count of minutes. */
type Series = Record<string, string>;

const minutes = 40;
const labels = 'job="weather",instance="a"';
const http = 'mcp_http_request_duration_seconds_count';
const calls = 'mcp_tool_call_duration_seconds';
const limit = 'mcp_rate_limit_decisions_total';

const series = {
  up: `up{${labels}}`,
  started: `process_start_time_seconds{${labels}}`,
  good: `${http}{${labels},method="POST",route="/mcp",status="200"}`,
  bad: `${http}{${labels},method="POST",route="/mcp",status="500"}`,
  callsOk: `${calls}_count{${labels},tool="get_weather",outcome="ok"}`,
  callsFailed: `${calls}_count{${labels},tool="get_weather",outcome="timeout"}`,
  callsFast: `${calls}_bucket{${labels},tool="get_weather",outcome="ok",le="1"}`,
  callsAll: `${calls}_bucket{${labels},tool="get_weather",outcome="ok",le="+Inf"}`,
  callsSlow: `${calls}_bucket{${labels},tool="get_weather",outcome="ok",le="10"}`,
  circuit: `mcp_upstream_circuit_open{${labels}}`,
  store: `mcp_store_degraded{${labels}}`,
  overloaded: `mcp_overloaded{${labels}}`,
  allowed: `${limit}{${labels},decision="allowed"}`,
  refused: `${limit}{${labels},decision="refused"}`,
  lag: `nodejs_eventloop_lag_p99_seconds{${labels}}`,
  memory: `process_resident_memory_bytes{${labels}}`,
  descriptors: `process_open_fds{${labels}}`,
} as const;

/** A busy server, with everything in it that looks bad and is not. */
const healthy: Series = {
  [series.up]: `1x${minutes}`,
  [series.started]: `1000x${minutes}`,
  [series.good]: `0+600x${minutes}`,
  [series.bad]: `0+1x${minutes}`,
  // The weather service was away for a while: that is what /health is for.
  [`${http}{${labels},method="GET",route="/health",status="503"}`]: `0+2000x${minutes}`,
  [series.callsOk]: `0+300x${minutes}`,
  [series.callsFailed]: `0+2x${minutes}`,
  // Typing errors of people and models.
  [`${calls}_count{${labels},tool="get_weather",outcome="not-found"}`]: `0+400x${minutes}`,
  [`${calls}_count{${labels},tool="get_weather",outcome="invalid-input"}`]: `0+400x${minutes}`,
  [series.callsFast]: `0+300x${minutes}`,
  [series.callsSlow]: `0+300x${minutes}`,
  [series.callsAll]: `0+300x${minutes}`,
  [series.circuit]: `0x${minutes}`,
  [series.store]: `0x${minutes}`,
  [series.overloaded]: `0x${minutes}`,
  [series.allowed]: `0+600x${minutes}`,
  [series.refused]: `0+60x${minutes}`,
  [series.lag]: `0.03x${minutes}`,
  [series.memory]: `200000000x${minutes}`,
  [series.descriptors]: `900x${minutes}`,
  [`process_max_fds{${labels}}`]: `65536x${minutes}`,
};

/** Which alerts fire in the end, according to Prometheus' own engine. */
async function firing(project: string, changes: Series): Promise<string> {
  const input = Object.entries({ ...healthy, ...changes })
    .filter(([, values]) => values !== '')
    .map(([name, values]) => ({ series: name, values }));
  const file = join(project, place, 'rules.test.yml');
  const expectNothing = {
    expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
    eval_time: `${minutes}m`,
  };
  await writeFile(
    file,
    stringify({
      rule_files: ['alerts.yml'],
      evaluation_interval: '1m',
      tests: [
        { interval: '1m', input_series: input, promql_expr_test: [{ ...expectNothing, exp_samples: [] }] },
      ],
    }),
  );
  const { output } = await run('promtool', ['test', 'rules', file]);
  const [, found = ''] = output.split('got:');
  return [...found.matchAll(/alertname="(\w+)"/g)].map(([, name]) => name).join(' ') || output.trim();
}

const nothing = /^Unit Testing: .*\n {2}SUCCESS$/;

describe.skipIf(lacks('promtool', 'prometheus'))('alerts.yml', () => {
  let project: string;
  beforeAll(async () => {
    project = await generate({ store: 'redis', observability: 'basic' });
  });

  test.each([{}, { store: 'redis' }])('%j: Prometheus accepts it', async (choices) => {
    const file = join(await generate(choices), place, 'alerts.yml');
    const { exitCode, output } = await run('promtool', ['check', 'rules', file]);
    expect(exitCode, output).toBe(0);
  });

  test('nothing fires while all is well', async () => {
    expect(await firing(project, {})).toMatch(nothing);
  });

  test.each<[string, Series]>([
    ['McpServerDown', { [series.up]: `1x30 0x10` }],
    ['McpServerDown', { [series.up]: '' }],
    ['McpServerRestarts', { [series.started]: '1000x30 2000x2 3000x2 4000x10' }],
    ['McpServerErrors', { [series.bad]: `0+60x${minutes}` }],
    ['McpToolFailures', { [series.callsFailed]: `0+400x${minutes}` }],
    ['McpToolSlow', { [series.callsFast]: `0+200x${minutes}` }],
    ['McpUpstreamDown', { [series.circuit]: `0x30 1x10` }],
    ['McpOverloaded', { [series.overloaded]: `0x30 1x10` }],
    ['McpStoreDegraded', { [series.store]: `0x30 1x10` }],
    ['McpRateLimitRefusals', { [series.refused]: `0+400x${minutes}` }],
    ['McpEventLoopBlocked', { [series.lag]: `0.03x30 0.8x10` }],
    ['McpMemoryHigh', { [series.memory]: `500000000x${minutes}` }],
    ['McpFileDescriptorsLow', { [series.descriptors]: `60000x${minutes}` }],
  ])('%s fires when it should, and alone: %j', async (alert, changes) => {
    expect(await firing(project, changes)).toBe(alert);
  });

  test.each<[string, Series]>([
    ['a blip', { [series.circuit]: '0x39 1x1', [series.lag]: '0.03x38 2x2' }],
    ['one scrape that failed', { [series.up]: '1x39 0x1' }],
    ['a deployment', { [series.started]: '1000x30 2000x10' }],
    ['a single failure at night', { [series.good]: '0x40', [series.bad]: '0x37 1x3' }],
  ])('%s wakes nobody', async (_what, changes) => {
    expect(await firing(project, changes)).toMatch(nothing);
  });

  test('every alert says what is the matter and how bad it is', async () => {
    const { groups } = parse(await readFile(join(project, place, 'alerts.yml'), 'utf8')) as {
      groups: { rules: { labels: unknown; annotations: unknown }[] }[];
    };
    for (const rule of groups.flatMap(({ rules }) => rules)) {
      expect(rule).toMatchObject({
        labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
        annotations: { summary: expect.stringMatching(/\.$/), description: expect.stringMatching(/\.$/) },
      });
    }
  });

  test.each([
    ['a broken expression', 'changes(process_start_time_seconds', 'changes((process_start_time_seconds'],
    ['an unknown function', 'changes(', 'changed('],
    ['an unknown key', '        for: 2m', '        fur: 2m'],
  ])('%s is noticed', async (_what, from, to) => {
    const other = await generate({});
    await change(other, `${place}/alerts.yml`, from, to);
    expect((await run('promtool', ['check', 'rules', join(other, place, 'alerts.yml')])).exitCode).not.toBe(
      0,
    );
  });

  test('a rule that cannot fire is noticed', async () => {
    const other = await generate({});
    await change(other, `${place}/alerts.yml`, 'max(mcp_upstream_circuit_open)', 'max(mcp_circuit_open)');
    expect(await firing(other, { [series.circuit]: `0x30 1x10` })).toMatch(nothing);
  });
});

describe.skipIf(lacks('promtool', 'prometheus'))('prometheus.yml', () => {
  test('Prometheus accepts it together with its rules, and scrapes under the name that they expect', async () => {
    const project = await generate({ observability: 'full' });
    const file = join(project, place, 'prometheus.yml');
    const { exitCode, output } = await run('promtool', ['check', 'config', file]);
    expect(exitCode, output).toBe(0);
    expect(output).toContain('1 rule files found');
    const { scrape_configs } = parse(await readFile(file, 'utf8'));
    expect(scrape_configs).toMatchObject([
      { job_name: 'weather', dns_sd_configs: [{ names: ['weather'], port: 3000 }] },
      { job_name: 'prometheus' },
    ]);
  });

  test('an unknown key is noticed', async () => {
    const project = await generate({ observability: 'full' });
    await change(project, `${place}/prometheus.yml`, 'rule_files:', 'rules:');
    const { exitCode } = await run('promtool', ['check', 'config', join(project, place, 'prometheus.yml')]);
    expect(exitCode).not.toBe(0);
  });
});

describe.skipIf(lacks('amtool', 'prometheus-alertmanager'))('alertmanager.yml', () => {
  /** Alertmanager's own reading. Its versions before 0.26, as in Debian 12, do not know `url_file` yet. */
  async function check(project: string) {
    const file = join(project, place, 'alertmanager.yml');
    const { output: version } = await run('amtool', ['--version']);
    if (/version 0\.(1\d|2[0-5])\./.test(version)) {
      const text = await readFile(file, 'utf8');
      expect(text).toContain('url_file: /run/secrets/alert-webhook-url');
      await writeFile(file, text.replace(/url_file: .*/, 'url: http://127.0.0.1/'));
    }
    return run('amtool', ['check-config', file]);
  }

  test('Alertmanager accepts it, and it has no address in it', async () => {
    const project = await generate({ observability: 'full' });
    expect(await readFile(join(project, place, 'alertmanager.yml'), 'utf8')).not.toMatch(/https?:/);
    const { exitCode, output } = await check(project);
    expect(exitCode, output).toBe(0);
  });

  test.each([
    ['an unknown key', 'repeat_interval: 4h', 'repeat: 4h'],
    ['a receiver that does not exist', '  receiver: webhook', '  receiver: pager'],
  ])('%s is noticed', async (_what, from, to) => {
    const project = await generate({ observability: 'full' });
    await change(project, `${place}/alertmanager.yml`, from, to);
    expect((await check(project)).exitCode).not.toBe(0);
  });
});
