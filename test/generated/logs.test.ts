import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

async function start(env: Record<string, string> = {}): Promise<GeneratedServer> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => {
    server.child.kill('SIGKILL');
  });
  return server;
}

/** A process that writes to the log's own sink, nothing else. */
function write(script: string): ChildProcess {
  const code = `import { openSink } from './dist/log-sink.js'; const sink = openSink('stdout'); ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: project });
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
      for (let n = 0; n < ${count}; n += 1) sink.write(line(n));
      process.stderr.write('written');
      process.stdin.once('data', () => { sink.write(line(${count})); process.stdin.unref(); });
    `);
    // Nothing has been read so far, and yet all was written.
    await once(child.stderr ?? child, 'data');
    const reading = linesOf(child);
    await once(child.stdout ?? child, 'data');
    const firstBytes = new Promise<void>((resolve) => setImmediate(resolve));
    await firstBytes;
    child.stdin?.write('go');
    const lines = await reading;
    const dropped = lines.find(({ message }) => message === 'lines dropped, they could not be written');
    expect(dropped).toMatchObject({ level: 'warn', time: expect.any(String), lines: expect.any(Number) });
    expect(lines.length - 1 + Number(dropped?.lines)).toBe(count + 1);
    expect(lines.at(-1)).toMatchObject({ n: count });
  });
});
