import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, startClock } from './clock.ts';
import { type Gateway, openGateway } from './gateway/gateway.ts';
import { type Interposition, prepareInterposition } from './interposition/interposition.ts';
import { serverEnvironment } from './launcher/environment.ts';
import { type LaunchedServer, launch } from './launcher/launch.ts';
import { freePort } from './launcher/ports.ts';
import { handOver, type RunAs } from './launcher/user.ts';
import { fillIn, fillInAll, portPlaceholders } from './placeholders.ts';
import { type Services, startServices } from './services.ts';
import type { Era } from './stdio/conversation.ts';
import { type Conversation, launchStdio } from './stdio/launch.ts';
import type { World } from './world.ts';

/** One launched server with a gateway of its own. */
export interface Instance {
  server: LaunchedServer;
  /** The connection over stdio. Null: the server is reached over HTTP. */
  conversation: Conversation | null;
  gateway: Gateway;
  interposition: Interposition;
  /** The port that clients reach. */
  publicPort: number;
  /** Milliseconds since the launch began. All records of the instance use this clock. */
  now: Clock;
  /** Stops the server, then its services and its gateway. Returns the processes that survived. */
  stop: () => Promise<number[]>;
}

export interface InstanceOptions {
  /** Overrides the plan's. Undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Over HTTP. Default: a free one. */
  port?: number;
  /** The port that clients reach, where a balancer is in front of the server. Default: its own. */
  publicPort?: number;
  /** Shared with other instances. The caller stops them. Default: services of its own. */
  services?: Services;
  /** The experiment moves its clock. */
  movableClock?: boolean;
  /** The user to run as, with a home of its own. Default: the auditor's. */
  as?: RunAs;
  /** Milliseconds until it has to listen, or to serve its client over stdio. Default: the plan's. */
  startTimeoutMs?: number;
  /** Over stdio: the revisions that its client speaks. Default: those that the server speaks. */
  era?: Era;
}

let instances = 0;

/**
 * Launches the server under test. Few start at a time: a start takes a whole core, and would delay the others.
 *
 * @throws LabProblem when a service does not start, or the reason of an abort, after everything was stopped
 */
export async function startInstance(world: World, options: InstanceOptions = {}): Promise<Instance> {
  const release = await world.launches.acquire(world.signal);
  try {
    return await start(world, options);
  } finally {
    release();
  }
}

/** Launches an instance, works with it, and stops it in any case. */
export async function withInstance<T>(
  world: World,
  options: InstanceOptions,
  work: (instance: Instance) => Promise<T>,
): Promise<T> {
  const instance = await startInstance(world, options);
  try {
    return await work(instance);
  } finally {
    await instance.stop();
  }
}

async function start(world: World, options: InstanceOptions): Promise<Instance> {
  const { plan, signal, canaries, authority, credential, answers, authorization, inspector, watchdog } =
    world;
  instances += 1;
  const directory = join(watchdog.directory, String(instances));
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  const port = options.port ?? (await freePort());
  const publicPort = options.publicPort ?? port;
  const placeholders = portPlaceholders(port, publicPort);
  const ownServices = options.services === undefined ? await startServices(world) : undefined;
  const services = options.services ?? ownServices;
  const now = startClock();
  const gateway = await openGateway({ authority, credential, answers, authorization, canaries, now });
  const stopOthers = async () => {
    await gateway.close();
    return (await ownServices?.stop()) ?? [];
  };
  try {
    const interposition = await prepareInterposition({
      directory,
      gatewayPort: gateway.port,
      credential,
      hosts: [
        ...answers.hosts,
        ...(authorization?.hosts ?? [])
          .filter((host) => !answers.has(host))
          .map((host) => `${host}=${authorization?.port}`),
      ],
      services: services?.ports ?? [],
      certificate: authority.certificate,
      canaries,
      movableClock: options.movableClock ?? false,
    });
    const { env = {}, as } = options;
    const environment = serverEnvironment(
      process.env,
      interposition.environment,
      { TMPDIR: temporary },
      fillInAll(plan.env, placeholders),
      services?.env ?? {},
      canaries.values,
      as === undefined ? {} : { HOME: temporary, USER: 'nobody', LOGNAME: 'nobody' },
      fillInAll(env, placeholders),
    );
    if (as !== undefined) await handOver(directory, as, watchdog.directory);
    const common = {
      command: fillIn(plan.command, placeholders),
      directory: plan.directory,
      environment,
      startTimeoutMs: options.startTimeoutMs ?? plan.startTimeoutMs,
      canaries,
      inspector,
      watchdog,
      now,
      signal,
      as,
    };
    const { server, conversation } =
      plan.transport === 'stdio'
        ? await launchStdio({ ...common, era: options.era, clientVersion: plan.clientVersion })
        : { server: await launch({ ...common, port, portEnv: plan.portEnv }), conversation: null };
    const stop = async () => {
      gateway.conclude();
      const left = await server.stop();
      return [...left, ...(await stopOthers())];
    };
    return { server, conversation, gateway, interposition, publicPort, now, stop };
  } catch (error) {
    await stopOthers();
    throw error;
  }
}
