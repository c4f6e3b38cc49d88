import type { ExitRecord, LaunchFacts, LaunchOutcome, ProcessFacts } from '../../../evidence/lab/launch.ts';
import { timeLimit } from '../../async/time-limit.ts';
import { reachableOrigin } from './ports.ts';
import { type ProcessOptions, type StartedProcess, startProcess } from './process.ts';
import { findListener, processFacts } from './readiness.ts';

export interface LaunchOptions extends Omit<ProcessOptions, 'pipeStdio'> {
  port: number;
  portEnv: string;
  /** Milliseconds until it has to listen. */
  startTimeoutMs: number;
  signal: AbortSignal;
}

/** A server under test, until it is stopped. */
export interface LaunchedServer {
  /** It listened, or over stdio it served its client. */
  serves: boolean;
  /** Where clients reach it. Null: it does not listen. */
  origin: URL | null;
  /** What is known so far. */
  facts: () => LaunchFacts;
  /** The current state of the listener, over stdio of the start command. Null: there is none, or it has exited. */
  listener: () => Promise<ProcessFacts | null>;
  /** Resolves when the start command has exited. */
  exited: Promise<ExitRecord>;
  /** Signals the start command, as a supervisor does. Returns false when it has exited. */
  signalCommand: (signal: NodeJS.Signals) => boolean;
  /** All its processes that still run. */
  processes: () => Promise<number[]>;
  /** Kills its remaining processes. Returns those that survived. */
  stop: () => Promise<number[]>;
}

/**
 * Runs the start command and waits until it listens, it exits, or the time is up. Stop it in any case.
 *
 * @throws the reason of an abort, after everything was stopped
 */
export async function launch(options: LaunchOptions): Promise<LaunchedServer> {
  const { port, portEnv, signal } = options;
  signal.throwIfAborted();
  const command = startProcess({
    ...options,
    environment: { ...options.environment, [portEnv]: String(port) },
  });
  const outcome = await stopOnError(command, () => waitUntilListening(options, command));
  if (outcome.kind !== 'listening') return launchedServer(options, command, { port, portEnv, outcome });
  const { listens, pid } = outcome.listener;
  const origin = await reachableOrigin(addressesAt(listens, outcome.port), outcome.port);
  return launchedServer(options, command, { port, portEnv, outcome }, { origin, pid });
}

/** A failure stops the command before it is thrown. */
export async function stopOnError<T>(command: StartedProcess, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await command.stop();
    throw error;
  }
}

/** @param listener undefined: nothing listens */
export function launchedServer(
  { inspector }: Pick<ProcessOptions, 'inspector'>,
  command: StartedProcess,
  launch: Pick<LaunchFacts, 'port' | 'portEnv' | 'outcome'>,
  listener?: { origin: URL | null; pid: number },
): LaunchedServer {
  const { pid, shell, tree, output } = command;
  const { kind } = launch.outcome;
  return {
    serves: kind === 'listening' || kind === 'speaking',
    origin: listener?.origin ?? null,
    facts: () => ({ pid, shell, ...launch, exit: command.exit(), output: output.facts() }),
    listener: async () => (listener === undefined ? null : processFacts(inspector, tree, listener.pid)),
    exited: command.exited,
    signalCommand: command.signal,
    processes: () => inspector.members(tree),
    stop: command.stop,
  };
}

async function waitUntilListening(
  { inspector, port, startTimeoutMs, signal, now }: LaunchOptions,
  { tree, exited, outputEnded }: StartedProcess,
): Promise<LaunchOutcome> {
  const over = new AbortController();
  const limit = timeLimit(startTimeoutMs, AbortSignal.any([signal, over.signal]));
  const found = findListener(inspector, tree, port, limit.signal);
  const first = await Promise.race([found, exited.then(() => 'exited' as const)]);
  limit.end();
  over.abort();
  signal.throwIfAborted();
  if (first === 'exited') {
    await found;
    await outputEnded();
    return { kind: 'exited' };
  }
  const afterMs = Math.round(now());
  const listener = first && (await processFacts(inspector, tree, first.pid));
  if (first === null || listener === null) {
    return { kind: 'silent', afterMs, processes: await inspector.members(tree) };
  }
  return { kind: 'listening', afterMs, port: first.port, portIgnored: first.port !== port, listener };
}

function addressesAt(listens: readonly string[], port: number): string[] {
  return listens
    .filter((address) => address.endsWith(`:${port}`))
    .map((address) => address.slice(0, -`:${port}`.length).replace(/^\[|\]$/g, ''));
}
