import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { openStreams } from '../support/open-streams.ts';

// Node raises the limit of open files to the hard one by itself, for the server as for this process.
const streams = 5_000;
const warmUp = 200;
// Seen after a collection: 23 to 26 KB on Node 20, up to 34 on 24. The rest is for the allocator.
const maxKilobytes = process.versions.node.startsWith('20.') ? 30 : 40;

// Unlike `gc()`, this collection also returns free pages to the system.
const collector = `
  import { Session } from 'node:inspector/promises';
  const session = new Session();
  session.connect();
  process.on('SIGUSR2', async () => {
    await session.post('HeapProfiler.collectGarbage');
    process.stderr.write(String(process.memoryUsage.rss() / 1024));
  });
`;

/** Has the server collect its garbage. Resolves with its resident memory in KB, or NaN when stderr says anything else. */
async function residentKilobytes({ child }: GeneratedServer): Promise<number> {
  const answer = once(child.stderr as Readable, 'data');
  child.kill('SIGUSR2');
  return Number(String(await answer));
}

test.runIf(process.platform === 'linux').each(['listen', 'sse'] as const)(
  'thousands of open streams cost little, and SIGTERM ends them all (%s)',
  { timeout: 240_000 },
  async (kind) => {
    const [project, upstream] = await Promise.all([sharedProject({ sse: true }), startOpenWeatherMap()]);
    const server = await startGenerated(project, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(collector)}`,
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
    const before = await residentKilobytes(server);
    const others = await openStreams(target, streams - warmUp);
    onTestFinished(others.destroy);
    const kilobytes = ((await residentKilobytes(server)) - before) / (streams - warmUp);
    expect(kilobytes).toBeLessThanOrEqual(maxKilobytes);
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
