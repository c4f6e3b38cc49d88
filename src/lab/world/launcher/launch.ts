import type { ExitRecord, LaunchFacts, LaunchOutcome, ProcessFacts } from '../../../evidence/lab/launch.ts';
import type { Clock } from '../clock.ts';
import type { ProcessTree } from './inspection/process-tree.ts';
import { reachableOrigin } from './ports.ts';
import { type ProcessOptions, startProcess } from './process.ts';
import { findListener, processFacts } from './readiness.ts';
import { kill } from './termination.ts';

export interface LaunchOptions extends Omit<ProcessOptions, 'speaks'> {
  port: number;
  portEnv: string;
  /** Milliseconds until it has to listen. */
  startTimeoutMs: number;
  signal: AbortSignal;
}

/** A server under test, from its start until nothing of it is left. */
export interface LaunchedServer {
  /** It listened, or over stdio it served its client. */
  serves: boolean;
  /** Where it is reached; null: nothing listens, as over stdio. */
  origin: URL | null;
  /** What is known by now. */
  facts: () => LaunchFacts;
  /** The listener as it is now, over stdio the start command; null: it is gone, or there never was one. */
  listener: () => Promise<ProcessFacts | null>;
  /** Resolves when the process of the start command is over. */
  exited: Promise<ExitRecord>;
  /** To the process of the start command, as a supervisor does it. Returns false when there is no such process. */
  signalCommand: (signal: NodeJS.Signals) => boolean;
  /** To the process that listens, over stdio to that of the start command. */
  signalListener: (signal: NodeJS.Signals) => boolean;
  /** Every living process of it. */
  processes: () => Promise<number[]>;
  /** Kills whatever is left of it. Returns the processes that would not die. */
  stop: () => Promise<number[]>;
}

/**
 * Runs the start command and waits until it listens, is over, or the time is up; what came is in the facts. Stop it in any
 * case.
 *
 * @throws the reason of an abort, after everything was stopped
 */
export async function launch(options: LaunchOptions): Promise<LaunchedServer> {
  const { inspector, port, portEnv, signal } = options;
  signal.throwIfAborted();
  const command = startProcess({
    ...options,
    environment: { ...options.environment, [portEnv]: String(port) },
  });
  const { pid, shell, kin } = command;
  let outcome: LaunchOutcome;
  try {
    outcome = await settle(options, kin, command.exited);
    if (outcome.kind === 'exited') await command.outputEnded();
  } catch (error) {
    await command.stop();
    throw error;
  }
  const listenerPid = outcome.kind === 'listening' ? outcome.listener.pid : null;
  return {
    serves: outcome.kind === 'listening',
    origin:
      outcome.kind === 'listening'
        ? await reachableOrigin(addressesAt(outcome.listener.listens, outcome.port), outcome.port)
        : null,
    facts: () => ({
      pid,
      shell,
      port,
      portEnv,
      outcome,
      exit: command.exit(),
      output: command.output.facts(),
    }),
    listener: async () => (listenerPid === null ? null : processFacts(inspector, kin, listenerPid)),
    exited: command.exited,
    signalCommand: command.signal,
    signalListener: (name) =>
      listenerPid === pid ? command.signal(name) : listenerPid !== null && kill(listenerPid, name),
    processes: () => inspector.members(kin),
    stop: command.stop,
  };
}

async function settle(
  { inspector, port, startTimeoutMs, signal, now }: LaunchOptions & { now: Clock },
  kin: ProcessTree,
  exited: Promise<ExitRecord>,
): Promise<LaunchOutcome> {
  const over = new AbortController();
  const alarm = setTimeout(() => over.abort(), startTimeoutMs);
  const found = findListener(inspector, kin, port, AbortSignal.any([signal, over.signal]));
  const first = await Promise.race([found, exited.then(() => 'exited' as const)]);
  clearTimeout(alarm);
  over.abort();
  signal.throwIfAborted();
  if (first === 'exited') {
    await found;
    return { kind: 'exited' };
  }
  const afterMs = Math.round(now());
  if (first === null) return { kind: 'silent', afterMs, processes: await inspector.members(kin) };
  const listener = await processFacts(inspector, kin, first.pid);
  if (listener === null) return { kind: 'silent', afterMs, processes: await inspector.members(kin) };
  return { kind: 'listening', afterMs, port: first.port, portIgnored: first.port !== port, listener };
}

function addressesAt(listens: readonly string[], port: number): string[] {
  return listens
    .filter((address) => address.endsWith(`:${port}`))
    .map((address) => address.slice(0, -`:${port}`.length).replace(/^\[|\]$/g, ''));
}
