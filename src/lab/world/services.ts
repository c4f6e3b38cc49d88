import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServicePlan } from '../plan.ts';
import { LabProblem } from '../problem.ts';
import { startClock } from './clock.ts';
import { commandLine } from './launcher/command.ts';
import { serverEnvironment } from './launcher/environment.ts';
import { exitText, printedText } from './launcher/exit-text.ts';
import { type LaunchedServer, launch } from './launcher/launch.ts';
import { freePort } from './launcher/ports.ts';
import { fillIn, fillInAll, portPlaceholders } from './placeholders.ts';
import type { World } from './world.ts';

/** Launched services, fresh and empty. Instances may share them. */
export interface Services {
  /** For the server under test. */
  env: Readonly<Record<string, string>>;
  /** On loopback. */
  ports: readonly number[];
  /** Returns the processes that survived. */
  stop: () => Promise<number[]>;
}

let started = 0;

/**
 * Launches every service of the plan, side by side, and waits until each listens.
 *
 * @throws LabProblem when one does not start, or the reason of an abort, after all were stopped
 */
export async function startServices(world: World): Promise<Services> {
  const starts = await Promise.allSettled(world.plan.services.map((service) => start(world, service)));
  const running = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => (await Promise.all(running.map(({ server }) => server.stop()))).flat();
  const failed = starts.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    env: Object.fromEntries(running.flatMap(({ env }) => Object.entries(env))),
    ports: running.map(({ port }) => port),
    stop,
  };
}

async function start(world: World, { name, start: command, env = {} }: ServicePlan) {
  const { plan, signal, canaries, inspector, watchdog } = world;
  started += 1;
  const temporary = join(watchdog.directory, `service-${started}`);
  await mkdir(temporary, { recursive: true });
  const port = await freePort();
  const placeholders = portPlaceholders(port);
  const filled = fillIn(command, placeholders);
  const server = await launch({
    command: filled,
    directory: plan.directory,
    environment: serverEnvironment(process.env, { TMPDIR: temporary }),
    port,
    portEnv: 'PORT',
    startTimeoutMs: plan.startTimeoutMs,
    canaries,
    inspector,
    watchdog,
    now: startClock(),
    signal,
  });
  const problem = problemOf(name, filled, port, server);
  if (problem === null) return { server, port, env: fillInAll(env, placeholders) };
  await server.stop();
  throw problem;
}

/** Exit code of a program that does not exist (POSIX, "Exit Status for Commands"). */
const notFound = 127;

function problemOf(name: string, command: string, port: number, server: LaunchedServer): LabProblem | null {
  const { outcome, exit, output } = server.facts();
  if (outcome.kind === 'listening' && !outcome.portIgnored) return null;
  const change = 'or change "services" in the configuration.';
  if (outcome.kind === 'exited' && exit?.code === notFound) {
    const { file, shell } = commandLine(command);
    return new LabProblem(
      'project',
      `The service "${name}" cannot be started: ${shell ? `a program of "${command}"` : file} is not installed.`,
      `Install it, ${change}`,
    );
  }
  if (outcome.kind === 'exited') {
    return new LabProblem(
      'project',
      `The service "${name}" ${exitText(exit)} before it listened.${printedText(output)}`,
      `Make its command work on this machine, ${change}`,
    );
  }
  return new LabProblem(
    'configuration',
    outcome.kind === 'listening'
      ? `The service "${name}" listens on port ${outcome.port}. The lab gave it port ${port}.`
      : `The service "${name}" did not listen within ${outcome.afterMs} ms.`,
    'Write ${PORT} where the "start" command of the service takes its port.',
  );
}
