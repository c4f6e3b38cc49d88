import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServicePlan } from '../plan.ts';
import { LabProblem } from '../problem.ts';
import { startClock } from './clock.ts';
import { commandLine } from './launcher/command.ts';
import { serverEnvironment } from './launcher/environment.ts';
import { type LaunchedServer, launch } from './launcher/launch.ts';
import { freePort } from './launcher/ports.ts';
import { fillIn, fillInAll } from './placeholders.ts';
import type { World } from './world.ts';

/** Launched services, fresh and empty. Instances may share them. */
export interface Services {
  /** For the server under test. */
  env: Readonly<Record<string, string>>;
  /** Where they listen, on loopback. */
  ports: readonly number[];
  /** Returns the processes that would not die. */
  stop: () => Promise<number[]>;
}

let started = 0;

/**
 * Launches every service of the plan, side by side, as the server itself is launched, and waits until each listens.
 *
 * @throws LabProblem when one does not come about, or the reason of an abort, after everything was stopped
 */
export async function startServices(run: World): Promise<Services> {
  const starts = await Promise.allSettled(run.plan.services.map((service) => start(run, service)));
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

interface Running {
  server: LaunchedServer;
  port: number;
  env: Record<string, string>;
}

async function start(run: World, { name, start: command, env = {} }: ServicePlan): Promise<Running> {
  const { plan, signal, canaries, inspector, watchdog } = run;
  started += 1;
  const temporary = join(watchdog.directory, `service-${started}`);
  await mkdir(temporary, { recursive: true });
  const port = await freePort();
  const filled = fillIn(command, { PORT: port });
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
  if (problem === null) return { server, port, env: fillInAll(env, { PORT: port }) };
  await server.stop();
  throw problem;
}

/** Exit code of a program that is not there (POSIX, "Exit Status for Commands"). */
const notFound = 127;

function problemOf(name: string, command: string, port: number, server: LaunchedServer): LabProblem | null {
  const { outcome, exit, output } = server.facts();
  const change = 'or change "services" in the configuration.';
  if (outcome.kind === 'exited') {
    const { file, shell } = commandLine(command);
    if (exit?.code === notFound) {
      const program = shell ? `a program of "${command}"` : file;
      return new LabProblem(
        'project',
        `The service "${name}" cannot be started: ${program} is not installed.`,
        `Install it, ${change}`,
      );
    }
    const last = output.lines.findLast(({ text }) => text.trim() !== '')?.text;
    const how = exit?.signal ? `by ${exit.signal}` : `with code ${exit?.code ?? 'unknown'}`;
    return new LabProblem(
      'project',
      `The service "${name}" ended ${how} before it listened.${last === undefined ? '' : ` Its last line: ${last.slice(0, 300)}`}`,
      `Make its command work on this machine, ${change}`,
    );
  }
  if (outcome.kind === 'listening' && !outcome.portIgnored) return null;
  return new LabProblem(
    'configuration',
    outcome.kind === 'listening'
      ? `The service "${name}" listens on port ${outcome.port}, not on ${port} as it was told.`
      : `The service "${name}" did not listen within ${outcome.afterMs} ms.`,
    'Write ${PORT} in the "start" of that service, where it takes the port.',
  );
}
