// Compares the generated server, everything on, with servers that do nothing but answer. See bench/README.md.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startOpenWeatherMap } from '../test/servers/openweathermap.ts';
import { measureAudits } from './audit.ts';
import { measureFootprint } from './footprint.ts';
import { benchFolder, buildServers, generateProject } from './preparation.ts';
import { startRedis } from './redis.ts';
import { report } from './report.ts';
import { freePort, type RunningServer, startServer } from './server-process.ts';
import { measureStreams, type StreamCost } from './streams.ts';
import { judge } from './targets.ts';
import { measureThroughput } from './throughput.ts';
import { generatedName, generatedVariant, plainVariants, redisName } from './variants.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    /** A generated and built project to measure instead of a fresh one. */
    project: { type: 'string' },
  },
});

const effort = options.quick
  ? { rounds: 5, ms: 500, starts: 3, loads: 1, requests: 3_000, streams: 1_000, audits: 3 }
  : { rounds: 25, ms: 500, starts: 11, loads: 3, requests: 20_000, streams: 5_000, audits: 9 };

const progress = (text: string) => process.stderr.write(`${text}\n`);

async function bench(): Promise<number> {
  const cleanUp: Array<() => Promise<unknown>> = [];
  try {
    const upstream = await startOpenWeatherMap();
    cleanUp.push(upstream.close);
    progress('building the servers');
    await buildServers();
    const generate = async (...words: string[]) => {
      progress(`generating: ${words.join(' ')}`);
      const project = await generateProject(words);
      cleanUp.push(project.remove);
      return project.directory;
    };
    const urls = { upstream: upstream.url, alerts: upstream.url };
    const generated = generatedVariant(generatedName, options.project ?? (await generate('--sse')), urls);
    const variants = [generated, ...plainVariants(benchFolder)];
    const redis = await startRedis(await freePort());
    if (redis !== undefined) {
      cleanUp.push(redis.close);
      const project = await generate('--sse', '--store', 'redis');
      variants.push(generatedVariant(redisName, project, urls, { REDIS_URL: redis.url }));
    }

    const servers: RunningServer[] = [];
    cleanUp.push(() => Promise.all(servers.map((server) => server.stop())));
    for (const variant of variants) servers.push(await startServer(variant));
    const throughputs = await measureThroughput(servers, { ...effort, progress });
    await Promise.all(servers.splice(0).map((server) => server.stop()));

    const footprints = await measureFootprint(variants, { ...effort, progress });
    const streams: StreamCost[] = [];
    for (const kind of ['listen', 'sse'] as const) {
      progress(`open streams: ${kind}`);
      streams.push(await measureStreams(generated, kind, effort.streams));
    }
    progress('audits');
    const audits = await measureAudits(generated, effort.audits);
    const targets = judge({ throughputs, footprints, streams, audits });
    process.stdout.write(
      `Node ${process.version}, ${cpus().length} cores\n\n${report({ throughputs, footprints, streams, audits, targets })}\n`,
    );
    return options.check && targets.some(({ met }) => !met) ? 1 : 0;
  } finally {
    for (const step of cleanUp.toReversed()) await step();
  }
}

process.exitCode = await bench();
