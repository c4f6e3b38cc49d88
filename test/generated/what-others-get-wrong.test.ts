import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { toolCall } from '../support/raw-http.ts';

// Each of these was seen in projects that other generators make, by running them.

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

async function start(env: Record<string, string> = {}): Promise<GeneratedServer> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

function read(path: string): Promise<string> {
  return readFile(join(project, path), 'utf8');
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** The status for a Host header, which fetch does not let a caller choose. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

test('a fresh project that does not compile, because a version is not pinned', async () => {
  const manifest = JSON.parse(await read('package.json'));
  const versions = Object.values<string>({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.length).toBeGreaterThan(5);
  for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  await execa('npm', ['run', '--silent', 'typecheck'], { cwd: project });
});

test('PORT that is ignored', async () => {
  const port = await freePort();
  const server = await start({ PORT: String(port) });
  expect(server.origin).toBe(`http://127.0.0.1:${port}`);
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
});

test('another port that is taken silently when PORT is busy', async () => {
  const { port } = new URL((await start()).origin);
  await expect(start({ PORT: port })).rejects.toThrow(/exited with 1: .*PORT is taken/s);
});

test('a public name that is refused, even on /health', async () => {
  const closed = await start();
  for (const path of ['/health', '/livez', '/readyz']) {
    expect(await statusFor(closed.origin + path, 'weather.example.com')).toBe(200);
  }
  expect(await statusFor(closed.url, 'weather.example.com')).toBe(403);
  const open = await start({ ALLOWED_HOSTS: 'weather.example.com' });
  expect(await statusFor(open.url, 'weather.example.com')).toBe(401);
});

test('a bad Origin that is served as soon as the server listens on every address', async () => {
  const server = await start({ HOST: '0.0.0.0' });
  const { headers, ...call } = toolCall(server.token, 'London');
  const from = (origin: string) => fetch(server.url, { ...call, headers: { ...headers, origin } });
  expect((await from('https://evil.example')).status).toBe(403);
  expect((await from('null')).status).toBe(403);
  expect((await from('http://localhost:5173')).status).toBe(200);
});

test('an image that is built with npm ci, without a lockfile to go by', async () => {
  const dockerfile = await read('Dockerfile');
  const install = dockerfile.indexOf('npm ci');
  const copied = dockerfile.search(/^COPY .*\bpackage-lock\.json\b/m);
  expect(copied).toBeGreaterThan(-1);
  expect(copied).toBeLessThan(install);
  expect(existsSync(join(project, 'package-lock.json'))).toBe(true);
  for (const file of ['.dockerignore', '.gitignore']) {
    expect(await read(file)).not.toMatch(/^\/?(package-lock\.json|\*\.json)$/m);
  }
});

test('compose without a restart policy', async () => {
  const { services } = parse(await read('compose.yaml'));
  const own = Object.entries<{ build?: unknown; restart?: string }>(services);
  expect(own.length).toBeGreaterThan(0);
  for (const [, { restart }] of own) expect(['always', 'unless-stopped']).toContain(restart);
});

test('a HEALTHCHECK that polls a path which does not exist', async () => {
  const [, path] = /^HEALTHCHECK[\s\S]*?PORT\}(\/\w+)/m.exec(await read('Dockerfile')) ?? [];
  expect(path).toBeDefined();
  const server = await start();
  const answer = await fetch(server.origin + path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('application/json'),
  ]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s that is not heard', async (signal) => {
  const server = await start();
  server.child.kill(signal);
  expect(await server.exited).toBe(0);
  expect(server.lines.join()).toContain('shutting down');
});

test('a rate limiter that is there, but limits nobody', async () => {
  const server = await start({ RATE_LIMIT: '2' });
  const statuses = [];
  for (let count = 0; count < 3; count += 1) {
    statuses.push((await fetch(server.url, toolCall(server.token, 'London'))).status);
  }
  expect(statuses).toEqual([200, 200, 429]);
});

test('a rate limiter that takes everyone behind a proxy for one client', async () => {
  const server = await start({ RATE_LIMIT: '2', TRUST_PROXY: '127.0.0.1' });
  const burst = async (address: string) => {
    const statuses = [];
    for (let count = 0; count < 3; count += 1) {
      const headers = { 'x-forwarded-for': address };
      statuses.push((await fetch(server.url, { method: 'POST', headers })).status);
    }
    return statuses;
  };
  expect(await burst('203.0.113.1')).toEqual([401, 401, 429]);
  expect(await burst('203.0.113.2')).toEqual([401, 401, 429]);
});

test('a challenge that repeats what X-Forwarded-Host claims', async () => {
  const server = await start({ TRUST_PROXY: '127.0.0.1' });
  const headers = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  const answer = await fetch(server.url, { method: 'POST', headers });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  expect(JSON.stringify([...answer.headers]) + (await answer.text())).not.toContain('evil.example');
});
