import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, startClock } from './clock.ts';
import { type Gateway, openGateway } from './gateway/gateway.ts';
import { type Interposition, prepareInterposition } from './interposition/interposition.ts';
import { serverEnvironment } from './launcher/environment.ts';
import { type LaunchedServer, launch } from './launcher/launch.ts';
import { freePort } from './launcher/ports.ts';
import { handOver, type RunAs } from './launcher/user.ts';
import { fillIn, fillInAll } from './placeholders.ts';
import { type Services, startServices } from './services.ts';
import type { Era } from './stdio/conversation.ts';
import { type Conversation, launchSpeaker } from './stdio/launch.ts';
import type { World } from './world.ts';

/** One launched server with a gateway of its own: the world of one experiment. */
export interface Instance {
  server: LaunchedServer;
  /** Over stdio; null: the server is asked over HTTP. */
  conversation: Conversation | null;
  gateway: Gateway;
  interposition: Interposition;
  /** The port that clients reach. */
  publicPort: number;
  /** Milliseconds since it was begun: the clock of all that is recorded of it. */
  now: Clock;
  /** Ends the server, then its world. Returns the processes that would not die. */
  stop: () => Promise<number[]>;
}

export interface InstanceOptions {
  /** Goes over the plan's; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Over HTTP. Default: a free one. */
  port?: number;
  /** The port that clients reach when something stands before the server; default: its own. */
  publicPort?: number;
  /** Shared with other instances, and stopped by whoever started them; default: services of its own. */
  services?: Services;
  /** Whether its clock may be moved. */
  movableClock?: boolean;
  /** Another user than the auditor's. Its home is a directory of its own. */
  as?: RunAs;
  /** Milliseconds until it has to listen, or to serve its client over stdio; default: the plan's. */
  startTimeoutMs?: number;
  /** Over stdio: which revisions its client speaks; default: whichever the server does. */
  era?: Era;
}

let instances = 0;

/**
 * Launches the server under test. Few start at a time: what starts takes all of a core, and others would be late.
 *
 * @throws LabProblem when a service that it needs does not come about, or the reason of an abort; after everything was stopped
 */
export async function startInstance(run: World, options: InstanceOptions = {}): Promise<Instance> {
  const release = await run.launches.acquire(run.signal);
  try {
    return await start(run, options);
  } finally {
    release();
  }
}

async function start(run: World, options: InstanceOptions): Promise<Instance> {
  const { plan, signal, canaries, authority, credential, answers, authorization, inspector, watchdog } = run;
  instances += 1;
  const directory = join(watchdog.directory, String(instances));
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  const port = options.port ?? (await freePort());
  const publicPort = options.publicPort ?? port;
  const placeholders = { PORT: port, PUBLIC_PORT: publicPort };
  const ownServices = options.services === undefined ? await startServices(run) : undefined;
  const services = options.services ?? ownServices;
  const now = startClock();
  const gateway = await openGateway({ authority, credential, answers, authorization, canaries, now });
  const stopWorld = async () => {
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
    const environment = serverEnvironment(
      process.env,
      interposition.environment,
      { TMPDIR: temporary },
      fillInAll(plan.env, placeholders),
      services?.env ?? {},
      canaries.values,
      options.as === undefined ? {} : { HOME: temporary, USER: 'nobody', LOGNAME: 'nobody' },
      fillInAll(defined(options.env), placeholders),
    );
    if (options.as !== undefined) await handOver(directory, options.as, watchdog.directory);
    for (const [name, value] of Object.entries(options.env ?? {})) {
      if (value === undefined) delete environment[name];
    }
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
      as: options.as,
    };
    const { server, conversation } =
      plan.transport === 'stdio'
        ? await launchSpeaker({ ...common, era: options.era, clientVersion: plan.clientVersion })
        : { server: await launch({ ...common, port, portEnv: plan.portEnv }), conversation: null };
    const stop = async () => {
      gateway.conclude();
      const left = await server.stop();
      return [...left, ...(await stopWorld())];
    };
    return { server, conversation, gateway, interposition, publicPort, now, stop };
  } catch (error) {
    await stopWorld();
    throw error;
  }
}

function defined(env: InstanceOptions['env'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
