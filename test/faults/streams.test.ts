import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startOpenWeatherMap } from '../servers/openweathermap.ts';
import { sharedProject, startGenerated } from '../support/generated-server.ts';
import { openStreams } from '../support/open-streams.ts';

// Node raises the limit of open files to the hard one by itself, for the server as for this process.
const streams = 5_000;
const warmUp = 200;
// Newer versions of Node keep more of what opening the streams left behind: 58 KB were seen on 24.
const maxKilobytes = process.versions.node.startsWith('20.') ? 35 : 65;

const residentKilobytes = (pid: number | undefined) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

test.runIf(process.platform === 'linux').each(['listen', 'sse'] as const)(
  'thousands of open streams cost little, and SIGTERM ends them all (%s)',
  { timeout: 120_000 },
  async (kind) => {
    const [project, upstream] = await Promise.all([sharedProject({ sse: true }), startOpenWeatherMap()]);
    const server = await startGenerated(project, {
      WEATHER_BASE_URL: upstream.url,
      RATE_LIMIT: '1000000',
      // One client gets a tenth.
      MAX_STREAMS: String(10 * streams),
    });
    onTestFinished(async () => {
      server.child.kill('SIGKILL');
      await upstream.close();
    });
    const target = { origin: server.origin, token: server.token, kind };
    // Code that runs for the first time costs memory too, once.
    const first = await openStreams(target, warmUp);
    onTestFinished(first.destroy);
    const before = residentKilobytes(server.child.pid);
    const others = await openStreams(target, streams - warmUp);
    onTestFinished(others.destroy);
    const each = () => (residentKilobytes(server.child.pid) - before) / (streams - warmUp);
    // What opening them left behind is collected when there is time.
    await vi.waitFor(() => expect(each()).toBeLessThanOrEqual(maxKilobytes), {
      timeout: 30_000,
      interval: 200,
    });
    const kilobytes = each();
    server.child.kill('SIGTERM');
    const started = performance.now();
    const code = await server.exited;
    const seconds = (performance.now() - started) / 1000;
    expect(code).toBe(0);
    expect((await first.ended) + (await others.ended)).toBe(streams);
    // Nothing of the log is left behind, however many lines an exit makes.
    expect(server.lines.filter((line) => line.includes('"message":"stream ended"'))).toHaveLength(streams);
    expect(server.lines.at(-1)).toContain('"message":"stopped"');
    process.stdout.write(
      `${streams} streams (${kind}): ${kilobytes.toFixed(1)} KB each, SIGTERM to exit ${seconds.toFixed(2)} s\n`,
    );
  },
);
