import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, startClock } from './clock.ts';
import { type Gateway, openGateway } from './gateway/gateway.ts';
import { type Interposition, prepareInterposition } from './interposition/interposition.ts';
import { serverEnvironment } from './launcher/environment.ts';
import { type LaunchedServer, type LaunchOptions, launch } from './launcher/launch.ts';
import { freePort } from './launcher/ports.ts';
import type { LabRun } from './run.ts';
import type { Era } from './stdio/conversation.ts';
import { type Conversation, launchSpeaker } from './stdio/launch.ts';

/** One launched server with a gateway of its own: the world of one experiment. */
export interface Instance {
  server: LaunchedServer;
  /** Over stdio; null: the server is asked over HTTP. */
  conversation: Conversation | null;
  gateway: Gateway;
  interposition: Interposition;
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
  /** Milliseconds until it has to listen, or to serve its client over stdio; default: the plan's. */
  startTimeoutMs?: number;
  /** Over stdio: which revisions its client speaks; default: whichever the server does. */
  era?: Era;
}

let instances = 0;

/**
 * Launches the server under test. Few start at a time: what starts takes all of a core, and others would be late.
 *
 * @throws the reason of an abort, after everything was stopped
 */
export async function startInstance(run: LabRun, options: InstanceOptions = {}): Promise<Instance> {
  const giveBack = await run.launches.take(run.plan.signal);
  try {
    return await start(run, options);
  } finally {
    giveBack();
  }
}

async function start(run: LabRun, options: InstanceOptions): Promise<Instance> {
  const { plan, canaries, authority, answers, inspector, watchdog } = run;
  instances += 1;
  const directory = join(watchdog.directory, String(instances));
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  const now = startClock();
  const gateway = await openGateway({ authority, answers, canaries, now });
  try {
    const interposition = await prepareInterposition({
      directory,
      gatewayPort: gateway.port,
      hosts: answers.hosts,
      certificate: authority.certificate,
      canaries,
    });
    const environment = serverEnvironment(
      process.env,
      interposition.environment,
      { TMPDIR: temporary },
      plan.env,
      canaries.values,
      defined(options.env),
    );
    for (const [name, value] of Object.entries(options.env ?? {})) {
      if (value === undefined) delete environment[name];
    }
    const common = {
      command: plan.command,
      directory: plan.directory,
      environment,
      startTimeoutMs: options.startTimeoutMs ?? plan.startTimeoutMs,
      canaries,
      inspector,
      watchdog,
      now,
      signal: plan.signal,
    };
    const { server, conversation } =
      plan.transport === 'stdio'
        ? await launchSpeaker({ ...common, era: options.era, clientVersion: plan.clientVersion })
        : await launchListener({ ...common, portEnv: plan.portEnv }, options.port);
    const stop = async () => {
      gateway.conclude();
      const left = await server.stop();
      await gateway.close();
      return left;
    };
    return { server, conversation, gateway, interposition, now, stop };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

async function launchListener(
  options: Omit<LaunchOptions, 'port'>,
  port?: number,
): Promise<Pick<Instance, 'server' | 'conversation'>> {
  return { server: await launch({ ...options, port: port ?? (await freePort()) }), conversation: null };
}

function defined(env: InstanceOptions['env'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
