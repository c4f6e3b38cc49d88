// Compares the generated server, everything on, with servers that do nothing but answer. See bench/README.md.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startOpenWeatherMap } from '../test/servers/openweathermap.ts';
import { measureFootprint } from './footprint.ts';
import { benchFolder, buildServers, generateProject } from './preparation.ts';
import { report } from './report.ts';
import { type RunningServer, startServer } from './server-process.ts';
import { judge } from './targets.ts';
import { measureThroughput } from './throughput.ts';
import { generatedName, generatedVariant, plainVariants } from './variants.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    /** A generated and built project to measure instead of a fresh one. */
    project: { type: 'string' },
  },
});

const effort = options.quick
  ? { rounds: 3, ms: 1_000, starts: 3, loads: 1, requests: 3_000 }
  : { rounds: 9, ms: 2_000, starts: 11, loads: 3, requests: 20_000 };

const progress = (text: string) => process.stderr.write(`${text}\n`);

async function bench(): Promise<number> {
  const cleanUp: Array<() => Promise<unknown>> = [];
  try {
    const upstream = await startOpenWeatherMap();
    cleanUp.push(upstream.close);
    progress('building the servers');
    await buildServers();
    let directory = options.project;
    if (directory === undefined) {
      progress('generating a project');
      const project = await generateProject([]);
      cleanUp.push(project.remove);
      directory = project.directory;
    }
    const urls = { upstream: upstream.url, alerts: upstream.url };
    const variants = [generatedVariant(generatedName, directory, urls), ...plainVariants(benchFolder)];

    const servers: RunningServer[] = [];
    cleanUp.push(() => Promise.all(servers.map((server) => server.stop())));
    for (const variant of variants) servers.push(await startServer(variant));
    const throughputs = await measureThroughput(servers, { ...effort, progress });
    await Promise.all(servers.splice(0).map((server) => server.stop()));

    const footprints = await measureFootprint(variants, { ...effort, progress });
    const targets = judge(throughputs, footprints);
    process.stdout.write(
      `Node ${process.version}, ${cpus().length} cores\n\n${report({ throughputs, footprints, targets })}\n`,
    );
    return options.check && targets.some(({ met }) => !met) ? 1 : 0;
  } finally {
    for (const step of cleanUp.toReversed()) await step();
  }
}

process.exitCode = await bench();
