import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { change, generate, lacks, run, slug, temporaryFolder } from './support.ts';

const place = 'deploy/observability';

/** Series by name and labels, in promtool's notation: a start, a step and a count of minutes. */
type Series = Record<string, string>;

const minutes = 40;
const http = 'mcp_http_request_duration_seconds_count';
const calls = 'mcp_tool_call_duration_seconds';
const limit = 'mcp_rate_limit_decisions_total';

/** The names of one instance's series. */
function seriesOf(instance: string, job = slug) {
  const labels = `job="${job}",instance="${instance}"`;
  return {
    up: `up{${labels}}`,
    started: `process_start_time_seconds{${labels}}`,
    good: `${http}{${labels},method="POST",route="/mcp",status="200"}`,
    bad: `${http}{${labels},method="POST",route="/mcp",status="500"}`,
    unhealthy: `${http}{${labels},method="GET",route="/health",status="503"}`,
    callsOk: `${calls}_count{${labels},tool="get_weather",outcome="ok"}`,
    callsFailed: `${calls}_count{${labels},tool="get_weather",outcome="timeout"}`,
    notFound: `${calls}_count{${labels},tool="get_weather",outcome="not-found"}`,
    invalidInput: `${calls}_count{${labels},tool="get_weather",outcome="invalid-input"}`,
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
    maxDescriptors: `process_max_fds{${labels}}`,
  } as const;
}

type Names = ReturnType<typeof seriesOf>;

/** A busy server, with everything in it that looks bad and is not. */
const healthy: Record<keyof Names, string> = {
  up: `1x${minutes}`,
  started: `1000x${minutes}`,
  good: `0+600x${minutes}`,
  bad: `0+1x${minutes}`,
  // The weather service was away for a while: that is what /health is for.
  unhealthy: `0+2000x${minutes}`,
  callsOk: `0+300x${minutes}`,
  callsFailed: `0+2x${minutes}`,
  // Typing errors of people and models.
  notFound: `0+400x${minutes}`,
  invalidInput: `0+400x${minutes}`,
  callsFast: `0+300x${minutes}`,
  callsSlow: `0+300x${minutes}`,
  callsAll: `0+300x${minutes}`,
  circuit: `0x${minutes}`,
  store: `0x${minutes}`,
  overloaded: `0x${minutes}`,
  allowed: `0+600x${minutes}`,
  refused: `0+60x${minutes}`,
  lag: `0.03x${minutes}`,
  memory: `200000000x${minutes}`,
  descriptors: `900x${minutes}`,
  maxDescriptors: `65536x${minutes}`,
};

/** A server's series, healthy but for the changes. An empty text leaves a series out. */
function server(instance: string, changes: Partial<Record<keyof Names, string>> = {}, job = slug): Series {
  const names = seriesOf(instance, job);
  return Object.fromEntries(
    Object.entries({ ...healthy, ...changes }).map(([key, values]) => [names[key as keyof Names], values]),
  );
}

type Changes = Parameters<typeof server>[1];

/**
 * Which alerts fire in the end, according to Prometheus' own engine: "alert job/instance" each. Prometheus has the rules of
 * all these projects.
 */
async function firing(projects: readonly string[], ...servers: Series[]): Promise<string> {
  const input = Object.entries(Object.assign({}, ...servers) as Series)
    .filter(([, values]) => values !== '')
    .map(([series, values]) => ({ series, values }));
  const file = join(await temporaryFolder(), 'rules.test.yml');
  const expectNothing = {
    expr: 'count by (alertname, job, instance) (ALERTS{alertstate="firing"})',
    eval_time: `${minutes}m`,
  };
  await writeFile(
    file,
    stringify({
      rule_files: projects.map((project) => join(project, place, 'alerts.yml')),
      evaluation_interval: '1m',
      tests: [
        { interval: '1m', input_series: input, promql_expr_test: [{ ...expectNothing, exp_samples: [] }] },
      ],
    }),
  );
  const { output } = await run('promtool', ['test', 'rules', file]);
  const [, found = ''] = output.split('got:');
  const alerts = [...found.matchAll(/\{([^}]*)\} \dE/g)].map(([, labels = '']) => {
    const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '-';
    return `${value('alertname')} ${value('job')}/${value('instance')}`;
  });
  return alerts.join(', ') || output.trim();
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
    expect(await firing([project], server('a'))).toMatch(nothing);
  });

  test.each<[string, Changes]>([
    ['McpServerDown', { up: `1x30 0x10` }],
    ['McpServerRestarts', { started: '1000x30 2000x2 3000x2 4000x10' }],
    ['McpServerErrors', { bad: `0+60x${minutes}` }],
    ['McpToolFailures', { callsFailed: `0+400x${minutes}` }],
    ['McpToolSlow', { callsFast: `0+200x${minutes}` }],
    ['McpUpstreamDown', { circuit: `0x30 1x10` }],
    ['McpOverloaded', { overloaded: `0x30 1x10` }],
    ['McpStoreDegraded', { store: `0x30 1x10` }],
    ['McpRateLimitRefusals', { refused: `0+400x${minutes}` }],
    ['McpEventLoopBlocked', { lag: `0.03x30 0.8x10` }],
    ['McpMemoryHigh', { memory: `500000000x${minutes}` }],
    ['McpFileDescriptorsLow', { descriptors: `60000x${minutes}` }],
  ])('%s fires when it should, for one instance among many, and alone: %j', async (alert, changes) => {
    const others = ['b', 'c', 'd', 'e'].map((instance) => server(instance));
    expect(await firing([project], server('a', changes), ...others)).toBe(`${alert} ${slug}/a`);
  });

  test('McpServerMissing fires when Prometheus finds no instance', async () => {
    expect(await firing([project], server('a', { up: '' }))).toBe(`McpServerMissing ${slug}/-`);
  });

  /** A few requests a minute, and every one fails. */
  const failsAll: Changes = {
    good: `0x${minutes}`,
    bad: `0+2x${minutes}`,
    callsOk: `0x${minutes}`,
    notFound: `0x${minutes}`,
    invalidInput: `0x${minutes}`,
    callsFailed: `0+2x${minutes}`,
  };
  const itsAlerts = (job: string, instance: string) =>
    ['McpServerErrors', 'McpToolFailures'].map((alert) => `${alert} ${job}/${instance}`).join(', ');

  test('a busy instance does not hide one that fails every request', async () => {
    expect(await firing([project], server('busy'), server('failing', failsAll))).toBe(
      itsAlerts(slug, 'failing'),
    );
  });

  test('a busy server does not hide another project that fails every request in the same Prometheus', async () => {
    const orders = await generate({ store: 'redis', observability: 'basic' }, 'my-orders');
    const busy = server('a:3000');
    const failing = server('b:3000', failsAll, 'my-orders');
    expect(await firing([project, orders], busy, failing)).toBe(itsAlerts('my-orders', 'b:3000'));
    // Each project's rules judge its own servers only. Otherwise each failure would be judged twice.
    expect(await firing([project], busy, failing)).toMatch(nothing);
  });

  test('failures that are few on each instance and many together are noticed', async () => {
    const instances = ['a', 'b', 'c', 'd', 'e', 'f'];
    const oneInThreeMinutes = Array.from({ length: minutes + 1 }, (_, minute) => Math.floor(minute / 3));
    const quiet: Changes = { good: oneInThreeMinutes.join(' '), bad: oneInThreeMinutes.join(' ') };
    const alerts = await firing([project], ...instances.map((instance) => server(instance, quiet)));
    expect(alerts).toBe(instances.map((instance) => `McpServerErrors ${slug}/${instance}`).join(', '));
  });

  test.each<[string, Changes]>([
    ['a blip', { circuit: '0x39 1x1', lag: '0.03x38 2x2' }],
    ['one scrape that failed', { up: '1x39 0x1' }],
    ['a deployment', { started: '1000x30 2000x10' }],
    ['a single failure at night', { good: '0x40', bad: '0x37 1x3' }],
  ])('%s raises no alert', async (_what, changes) => {
    expect(await firing([project], server('a', changes), server('b'))).toMatch(nothing);
  });

  test('every alert says which instance of what has which problem, and how bad it is', async () => {
    const { groups } = parse(await readFile(join(project, place, 'alerts.yml'), 'utf8')) as {
      groups: {
        name: string;
        rules: { alert: string; expr: string; labels: unknown; annotations: unknown }[];
      }[];
    };
    for (const { name } of groups) expect(name).toMatch(new RegExp(`^${slug}-`));
    for (const rule of groups.flatMap(({ rules }) => rules)) {
      expect(rule).toMatchObject({
        labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
        annotations: { summary: expect.stringMatching(/\.$/), description: expect.stringMatching(/\.$/) },
      });
      const { summary } = rule.annotations as { summary: string };
      expect(summary).toContain('{{ $labels.job }}');
      if (rule.alert === 'McpServerMissing') continue;
      expect(summary).toContain('{{ $labels.instance }}');
      expect(rule.expr, rule.alert).toMatch(/by \(job, instance[,)]/);
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
    await change(other, `${place}/alerts.yml`, '(mcp_upstream_circuit_open{', '(mcp_circuit_open{');
    expect(await firing([other], server('a', { circuit: `0x30 1x10` }))).toMatch(nothing);
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
      { job_name: slug, dns_sd_configs: [{ names: [slug], port: 3000 }] },
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
