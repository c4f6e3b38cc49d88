import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { slugOf } from '../../src/scaffold/package-name.ts';
import { generate, slug } from './support.ts';

const place = 'deploy/observability';

/** What the server exposes, and what Prometheus adds. */
const metrics = new Set([
  'up',
  'mcp_http_request_duration_seconds',
  'mcp_tool_call_duration_seconds',
  'mcp_upstream_request_duration_seconds',
  'mcp_upstream_circuit_open',
  'mcp_cache_reads_total',
  'mcp_rate_limit_decisions_total',
  'mcp_store_degraded',
  'mcp_overloaded',
  'mcp_open_streams',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_eventloop_lag_p99_seconds',
]);

/** Names of metrics in an expression: what comes before a selector, or stands alone. */
function metricsIn(expression: string): string[] {
  const bare = expression.replace(/"[^"]*"/g, '').replace(/\{[^}]*\}/g, '{}');
  return [...bare.matchAll(/\b((?:mcp|process|nodejs)_\w+|up)\b/g)].map(([name]) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  );
}

/** The selectors of an expression, an empty text for a metric without one. */
function selectorsIn(expression: string): string[] {
  return [...expression.matchAll(/(?:\b(?:(?:mcp|process|nodejs)_\w+|up)\b|^)(\{[^}]*\})?/g)]
    .filter(([match]) => match !== '')
    .map(([, selector = '']) => selector);
}

interface Panel {
  id: number;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { uid: string; type: string };
  targets: { expr: string; refId: string; datasource: { uid: string; type: string } }[];
}

describe('the observability files', () => {
  let project: string;
  const read = (path: string) => readFile(join(project, place, path), 'utf8');
  beforeAll(async () => {
    project = await generate({ observability: 'full', store: 'redis' });
  });

  test('rules and dashboard ask for metrics that there are', async () => {
    const { groups } = parse(await read('alerts.yml')) as { groups: { rules: { expr: string }[] }[] };
    const { panels } = JSON.parse(await read(`grafana/dashboards/${slug}.json`)) as { panels: Panel[] };
    const expressions = [
      ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ];
    const asked = new Set(expressions.flatMap(metricsIn));
    expect([...asked].filter((name) => !metrics.has(name))).toEqual([]);
    const source = await readFile(join(project, 'src/metrics/metrics.ts'), 'utf8');
    for (const name of metrics) if (name.startsWith('mcp_')) expect(source).toContain(`'${name}'`);
    // All of them are used, the list is no wish.
    expect([...metrics].filter((name) => !asked.has(name) && name !== 'process_max_fds')).toEqual([]);
  });

  test('dashboard and rules are about this server only, and no other project has a dashboard like it', async () => {
    const dashboard = JSON.parse(await read(`grafana/dashboards/${slug}.json`));
    expect(dashboard).toMatchObject({
      uid: slug,
      title: slug,
      templating: { list: [{ name: 'job', type: 'constant', query: slug }] },
    });
    // Grafana refuses longer ones.
    expect(slugOf('x'.repeat(200)).length).toBeLessThanOrEqual(40);
    for (const { expr } of (dashboard.panels as Panel[]).flatMap(({ targets }) => targets))
      expect(selectorsIn(expr).filter((selector) => !/(job|service_name)="\$job"/.test(selector))).toEqual(
        [],
      );
    const { groups } = parse(await read('alerts.yml')) as { groups: { rules: { expr: string }[] }[] };
    for (const { expr } of groups.flatMap(({ rules }) => rules))
      expect(selectorsIn(expr).filter((selector) => !selector.includes(`job="${slug}"`))).toEqual([]);
  });

  test('the dashboard finds its data sources, and its panels do not overlap', async () => {
    const { datasources } = parse(await read('grafana/provisioning/datasources/datasources.yaml')) as {
      datasources: { uid: string; type: string; url: string }[];
    };
    const { panels } = JSON.parse(await read(`grafana/dashboards/${slug}.json`)) as { panels: Panel[] };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos, datasource, targets } of panels) {
      for (const wanted of [datasource, ...targets.map((target) => target.datasource)])
        expect(datasources, title).toContainEqual(
          expect.objectContaining({ uid: wanted.uid, type: wanted.type }),
        );
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`), `${title} at ${x} ${y}`).toBe(false);
          taken.add(`${x} ${y}`);
          expect(x, title).toBeLessThan(24);
        }
    }
  });

  test('services find each other by the names and ports that compose.yaml has', async () => {
    const { services } = parse(await readFile(join(project, 'compose.yaml'), 'utf8'), { merge: true }) as {
      services: Record<string, unknown>;
    };
    const texts = await Promise.all(
      ['prometheus.yml', 'config.alloy', 'grafana/provisioning/datasources/datasources.yaml'].map(read),
    );
    const hosts = texts.flatMap((text) =>
      [...text.matchAll(/(?:http:\/\/|targets: \[)([a-z]+):\d+/g)].map(([, host = '']) => host),
    );
    expect(new Set(hosts)).toEqual(new Set(['alertmanager', 'jaeger', 'localhost', 'loki', 'prometheus']));
    for (const host of hosts) if (host !== 'localhost') expect(services).toHaveProperty(host);
  });

  test('the collector looks for the tag that compose.yaml gives the log', async () => {
    const { services } = parse(await readFile(join(project, 'compose.yaml'), 'utf8')) as {
      services: Record<string, { logging: { driver: string; options: { tag: string } } }>;
    };
    expect(services[slug]?.logging).toMatchObject({ driver: 'json-file', options: { tag: slug } });
    expect(await read('config.alloy')).toContain(`{service_name!=\\"${slug}\\"}`);
  });

  test('nothing of it is there when it was not chosen', async () => {
    const none = await generate({ observability: 'none' });
    expect(existsSync(join(none, place))).toBe(false);
    const basic = await generate({ observability: 'basic' });
    expect(existsSync(join(basic, place, 'alerts.yml'))).toBe(true);
    expect(existsSync(join(basic, place, 'prometheus.yml'))).toBe(false);
    expect(await readFile(join(basic, 'compose.yaml'), 'utf8')).not.toMatch(/loki|grafana|redis/);
  });
});
