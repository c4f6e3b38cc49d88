import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';

let project: string;
let upstream: OpenWeatherMap;
let folder: string;

beforeAll(async () => {
  [project, upstream, folder] = await Promise.all([
    sharedProject(),
    startOpenWeatherMap(),
    mkdtemp(join(tmpdir(), 'mcp-prod-log-sink-')),
  ]);
  const words = ['src/logging/log-sink.ts', '--platform', 'node', '--file', join(folder, 'log-sink.mjs')];
  await execa('node_modules/.bin/rolldown', words, { cwd: project });
});
afterAll(async () => {
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<GeneratedServer> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => {
    server.child.kill('SIGKILL');
  });
  return server;
}

/** A process that writes to the log's own sink, nothing else. */
function write(script: string): ChildProcess {
  const code = `import { openSink } from './log-sink.mjs'; const sink = openSink('stdout'); ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: folder });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function linesOf(child: ChildProcess): Promise<Array<Record<string, unknown>>> {
  const output = child.stdout === null ? '' : await text(child.stdout);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('the log of a generated server', () => {
  test.each([
    ['an uncaught error', "throw new Error('crash')"],
    ['process.exit', 'process.exit(1)'],
    ['SIGKILL', "process.kill(process.pid, 'SIGKILL')"],
  ])('loses nothing to %s', async (_how, end) => {
    const child = write(`for (let n = 0; n < 100; n += 1) sink.write(JSON.stringify({ n }) + '\\n'); ${end}`);
    expect(await linesOf(child)).toEqual(Array.from({ length: 100 }, (_, n) => ({ n })));
  });

  test('waits for a late reader in memory up to a bound, then drops lines and says how many', async () => {
    const count = 60_000;
    const child = write(`
      const line = (n) => JSON.stringify({ n, filler: 'x'.repeat(200) }) + '\\n';
      for (let n = 0; n < ${count}; n += 2) sink.write(line(n) + line(n + 1));
      process.stderr.write('written');
      process.stdout.once('drain', () => sink.write(line(${count})));
    `);
    // Nothing has been read so far, and yet all was written.
    await once(child.stderr ?? child, 'data');
    const lines = await linesOf(child);
    const dropped = lines.find(({ message }) => message === 'lines dropped, they could not be written');
    expect(dropped).toMatchObject({ level: 'warn', time: expect.any(String), lines: expect.any(Number) });
    expect(lines.length - 1 + Number(dropped?.lines)).toBe(count + 1);
    expect(lines.at(-1)).toMatchObject({ n: count });
  });

  test('that nobody reads does not stop the server, nor its end', async () => {
    const server = await start();
    server.child.stdout?.pause();
    const ended = once(server.child, 'exit');
    // Some 3 MB of lines: far more than a pipe holds.
    for (let done = 0; done < 6_000; done += 100) {
      const batch = Array.from({ length: 100 }, () => fetch(`${server.origin}/no/such/path`));
      for (const response of await Promise.all(batch)) await response.text();
    }
    expect((await fetch(`${server.origin}/livez`)).status).toBe(200);
    server.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('that nobody reads any more is said on stderr once, and the server goes on', async () => {
    const server = await start();
    server.child.stdout?.destroy();
    const said = once(server.child.stderr ?? server.child, 'data');
    const status = async () => (await fetch(`${server.origin}/no/such/path`)).status;
    expect([await status(), await status()]).toEqual([404, 404]);
    await said;
    expect(JSON.parse(server.errors())).toMatchObject({ level: 'error', code: 'EPIPE' });
    expect(await server.stop()).toBe(0);
    expect(server.errors().trim().split('\n')).toHaveLength(1);
  });

  test('holds no secret, whatever is sent', async () => {
    const server = await start({ OPENWEATHER_API_KEY: 'weather key/7', MCP_API_KEY: 'a-client-key' });
    await fetch(`${server.origin}/mcp?appid=weather+key%2F7`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-client-key', 'x-request-id': 'weather%20key%2F7' },
      body: '{',
    });
    await fetch(`${server.url}/a-client-key`);
    expect(await server.stop()).toBe(0);
    expect(server.lines.length).toBeGreaterThan(3);
    expect(server.lines.join('\n')).not.toMatch(/weather.{1,3}key|a-client-key/);
  });
});
