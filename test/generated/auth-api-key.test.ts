import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';

const [oldKey, newKey, benKey] = ['the-old-key-of-ann', 'the-new-key-of-ann', 'the-key-of-ben-here'];
let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream?.close());

async function start(env: Record<string, string>): Promise<GeneratedServer> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

/** A file of keys, and how to replace it in one step, as operators should and Kubernetes does. */
async function keysFile(...entries: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys');
  const replace = async (...lines: string[]) => {
    await writeFile(`${path}.next`, `# who may call\n${lines.join('\n')}\n`);
    await rename(`${path}.next`, path);
  };
  await replace(...entries);
  return { path, replace };
}

async function statusFor({ url }: GeneratedServer, key: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'get_weather', arguments: { city: 'Oslo' } },
    }),
  });
  await response.text();
  return response.status;
}

/** Calls without a pause, one after the other, until it is told to stop. */
function keepCalling(server: GeneratedServer, key: () => string) {
  const statuses: number[] = [];
  let stopped = false;
  const done = (async () => {
    while (!stopped) statuses.push(await statusFor(server, key()));
  })();
  return {
    stop: async () => {
      stopped = true;
      await done;
      return statuses;
    },
  };
}

test('keys are exchanged under load, and no call with a valid key fails', async () => {
  const file = await keysFile(`ann:${oldKey}`, `ben:${benKey}`);
  const server = await start({ MCP_API_KEY: '', MCP_API_KEYS_FILE: file.path, RATE_LIMIT: '1000000' });
  let annKey = oldKey;
  const callers = [keepCalling(server, () => annKey), keepCalling(server, () => benKey)];

  await file.replace(`ann:${oldKey}`, `ann:${newKey}`, `ben:${benKey}`);
  server.child.kill('SIGHUP');
  await server.logged('"keys":3,"added":1,"removed":0');
  annKey = newKey;
  expect(await statusFor(server, oldKey)).toBe(200);

  await file.replace('ann:a key that nobody can send');
  server.child.kill('SIGHUP');
  await server.logged('MCP_API_KEYS_FILE line 2 holds a key with spaces');
  expect(await statusFor(server, newKey)).toBe(200);

  // Without a signal: it is seen in a few seconds.
  await file.replace(`ann:${newKey}`, `ben:${benKey}`);
  await server.logged('"keys":2,"added":0,"removed":1');
  expect(await statusFor(server, oldKey)).toBe(401);

  for (const caller of callers) {
    const statuses = await caller.stop();
    expect(statuses.length).toBeGreaterThan(5);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  const log = server.lines.join('\n');
  for (const key of [oldKey, newKey, benKey, 'nobody can send']) expect(log).not.toContain(key);
  expect(log).toContain('"client":"ann"');
  expect(await server.stop()).toBe(0);
});

test('the keys of one name share its limit, in the log and in the count', async () => {
  const server = await start({ MCP_API_KEY: `ann:${oldKey},ann:${newKey},${benKey}`, RATE_LIMIT: '2' });
  const statuses = [];
  for (const key of [oldKey, newKey, oldKey, benKey]) statuses.push(await statusFor(server, key));
  expect(statuses).toEqual([200, 200, 429, 200]);
});

test.each([
  [{ MCP_API_KEY: '' }, /exited with 1: .*MCP_API_KEY is not set/],
  [{ MCP_API_KEY: 'Ann:the-key-of-ann-here' }, /exited with 1: .*MCP_API_KEY holds an entry/],
  [{ MCP_API_KEYS_FILE: '/nowhere/keys' }, /exited with 1: .*MCP_API_KEYS_FILE names a file.*ENOENT/],
])('%j ends the start', async (env, problem) => {
  await expect(start(env)).rejects.toThrow(problem);
  await expect(start(env)).rejects.not.toThrow(/the-key-of-ann/);
});
