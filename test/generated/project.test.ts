import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { type GeneratedServer, portIn, sharedProject, startGenerated } from '../support/generated-server.ts';
import { clientKinds, connectHttp, connectStdio } from '../support/mcp-clients.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

async function start(env: Record<string, string> = {}): Promise<GeneratedServer> {
  upstream.mode = 'answer';
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => {
    server.child.kill('SIGKILL');
  });
  return server;
}

describe('the project', () => {
  test('compiles', async () => {
    await execa('npm', ['run', '--silent', 'typecheck'], { cwd: project });
  });

  test('keeps its secret to the user', async () => {
    expect((await stat(join(project, '.env'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(project, '.env'), 'utf8')).toMatch(/^MCP_API_KEY=[0-9a-f]{64}$/m);
  });

  test('npm start serves when the key is filled in', async () => {
    const child = spawn('npm', ['start'], {
      cwd: project,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: '0',
        OPENWEATHER_API_KEY: 'an-upstream-key',
        WEATHER_BASE_URL: upstream.url,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    onTestFinished(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
    const port = await new Promise<number>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = line.startsWith('{') ? portIn(line) : undefined;
        if (found !== undefined) resolve(found);
      });
    });
    const token = /^MCP_API_KEY=(.+)$/m.exec(await readFile(join(project, '.env'), 'utf8'))?.[1] ?? '';
    const client = await connectHttp('v2 modern', `http://127.0.0.1:${port}/mcp`, token);
    onTestFinished(() => client.close());
    expect((await client.listTools()).tools).toHaveLength(2);
  });
});

describe('clients', () => {
  test.each(clientKinds)('%s over HTTP', async (kind) => {
    const server = await start();
    const client = await connectHttp(kind, server.url, server.token);
    onTestFinished(() => client.close());
    const result = await client.callTool({ name: 'get_weather', arguments: { city: 'Oslo' } });
    expect(result.structuredContent).toMatchObject({ temperature: temperatureOf('Oslo') });
    const { contents } = await client.readResource({ uri: 'weather://Oslo/current' });
    expect(JSON.parse(String(contents[0]?.text))).toMatchObject({ temperature: temperatureOf('Oslo') });
  });

  test.each(clientKinds)('%s over stdio', async (kind) => {
    upstream.mode = 'answer';
    const client = await connectStdio(kind, [join(project, 'dist/stdio.js')], {
      OPENWEATHER_API_KEY: 'an-upstream-key',
      WEATHER_BASE_URL: upstream.url,
    });
    onTestFinished(() => client.close());
    const result = await client.callTool({ name: 'get_forecast', arguments: { city: 'Oslo', days: 2 } });
    expect(result.structuredContent).toMatchObject({ days: { length: 2 } });
  });
});

test('an array of calls over stdio is refused, and calls nothing', async () => {
  const seen = upstream.requests.length;
  const params = { name: 'get_weather', arguments: { city: 'Bergen' } };
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
  const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
  const { stdout, stderr } = await execa(process.execPath, [join(project, 'dist/stdio.js')], {
    env: { OPENWEATHER_API_KEY: 'an-upstream-key', WEATHER_BASE_URL: upstream.url },
    input: `${JSON.stringify([call, call])}\n${JSON.stringify(ping)}\n`,
  });
  expect(JSON.parse(stdout)).toEqual({ jsonrpc: '2.0', id: 2, result: {} });
  expect(stderr).toContain('message refused');
  expect(upstream.requests).toHaveLength(seen);
});

describe('operations', () => {
  test('probes answer without a key, and health tells whether the weather service does', async () => {
    const server = await start();
    const statusOf = async (path: string) => (await fetch(`${server.origin}${path}`)).status;
    expect(await Promise.all(['/health', '/livez', '/readyz', '/mcp'].map(statusOf))).toEqual([
      200, 200, 200, 401,
    ]);

    const other = await start();
    upstream.mode = 'hold';
    const response = await fetch(`${other.origin}/health`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'degraded',
      server: 'operational',
      api_connectivity: false,
    });
  });

  test('a burst is limited, one client at a time', async () => {
    const server = await start({ RATE_LIMIT: '5', MCP_API_KEY: 'a-client-key,another-key' });
    const statusFor = async (token: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await fetch(server.url, { method: 'POST', headers, body: '{}' })).status;
    };
    const burst = [];
    for (let count = 0; count < 6; count += 1) burst.push(await statusFor('a-client-key'));
    expect(burst.map((status) => status === 429)).toEqual([false, false, false, false, false, true]);
    expect(await statusFor('another-key')).not.toBe(429);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s lets the call in flight finish and exits with 0',
    async (signal) => {
      const server = await start();
      const client = await connectHttp('v2 modern', server.url, server.token);
      upstream.mode = 'hold';
      const before = upstream.requests.length;
      const call = client.callTool({ name: 'get_weather', arguments: { city: `Lima ${signal}` } });
      await upstream.received(before + 1);
      server.child.kill(signal);
      await server.logged('shutting down');
      upstream.release();
      expect((await call).isError).toBeFalsy();
      expect(await server.exited).toBe(0);
      for (const line of server.lines) {
        expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), level: expect.any(String) });
      }
      expect(server.errors()).toBe('');
    },
  );

  test('a second signal ends it at once', async () => {
    const server = await start();
    const client = await connectHttp('v2 modern', server.url, server.token);
    upstream.mode = 'hold';
    const before = upstream.requests.length;
    const call = client.callTool({ name: 'get_weather', arguments: { city: 'Quito' } });
    const failed = expect(call).rejects.toThrow();
    await upstream.received(before + 1);
    server.child.kill('SIGTERM');
    await server.logged('shutting down');
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(1);
    await failed;
  });

  test.each(['OPENWEATHER_API_KEY', 'MCP_API_KEY'])(
    'without %s it does not start, and says so',
    async (name) => {
      await expect(start({ [name]: '' })).rejects.toThrow(new RegExp(`exited with 1: .*${name} is not set`));
    },
  );
});
