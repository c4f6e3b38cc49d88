import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { sharedProject, startGenerated } from '../support/generated-server.ts';
import { connectHttp, connectStdio } from '../support/mcp-clients.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

async function startCollector() {
  const requests: Array<{ url: string | undefined; token: unknown; text: string }> = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    requests.push({ url: request.url, token: request.headers['x-token'], text });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** The packages that have code in the files a process loaded, from the source maps that Node adds to its coverage. */
async function packagesLoaded(coverage: string): Promise<string[]> {
  const names = new Set<string>();
  for (const file of await readdir(coverage)) {
    const { 'source-map-cache': maps } = JSON.parse(await readFile(join(coverage, file), 'utf8'));
    for (const { data } of Object.values<{ data: { sources: string[] } }>(maps)) {
      for (const source of data.sources) {
        const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
        if (name !== undefined) names.add(name);
      }
    }
  }
  return [...names];
}

describe('traces of a generated server', () => {
  test('reach the collector before the process ends, by the standard variables, without keys and cities', async () => {
    const { url, requests } = await startCollector();
    const server = await startGenerated(project, {
      WEATHER_BASE_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a-collector-key',
      OTEL_SERVICE_NAME: 'weather-in-tests',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    onTestFinished(() => void server.child.kill('SIGKILL'));
    const client = await connectHttp('v2 modern', server.url, server.token);
    await client.callTool({ name: 'get_weather', arguments: { city: 'Oslo' } });
    await client.close();
    expect(await server.stop()).toBe(0);
    const text = requests.map((request) => request.text).join('\n');
    for (const { url, token } of requests) expect([url, token]).toEqual(['/v1/traces', 'a-collector-key']);
    expect(text).toContain('"tools/call get_weather"');
    expect(text).toContain('"GET /data/2.5/weather"');
    expect(text).toContain('"weather-in-tests"');
    expect(text).toContain('"deployment.environment.name"');
    expect(text).not.toMatch(/Oslo|appid|an-upstream-key|a-client-key/);
    expect(server.lines.join('\n')).not.toContain('a-collector-key');
  });

  test('over stdio are part of the trace that the message names', async () => {
    const { url, requests } = await startCollector();
    const client = await connectStdio(
      'v2 modern',
      ['dist/stdio.js'].map((file) => `${project}/${file}`),
      {
        OPENWEATHER_API_KEY: 'an-upstream-key',
        WEATHER_BASE_URL: upstream.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_BSP_SCHEDULE_DELAY: '600000',
      },
    );
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const _meta = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await client.callTool({ name: 'get_weather', arguments: { city: 'Lima' }, _meta } as never);
    await client.close();
    const text = requests.map((request) => request.text).join('\n');
    expect(text).toContain('"tools/call get_weather"');
    expect(text).toContain(`"traceId":"${traceId}"`);
  });

  test.each([
    ['without a collector no tracing is loaded', {}, ['prom-client']],
    [
      'with one it is',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
      ['prom-client', '@opentelemetry/sdk-trace'],
    ],
  ] as const)('%s', async (_what, env, loaded) => {
    const coverage = await mkdtemp(join(tmpdir(), 'mcp-prod-coverage-'));
    onTestFinished(() => rm(coverage, { recursive: true, force: true }));
    const listing = { WEATHER_BASE_URL: upstream.url, NODE_V8_COVERAGE: coverage };
    const server = await startGenerated(project, { ...listing, ...env });
    expect(await server.stop()).toBe(0);
    const packages = await packagesLoaded(coverage);
    const told = ['prom-client', '@opentelemetry/sdk-trace'].filter((name) => packages.includes(name));
    expect(told).toEqual(loaded);
  });
});
