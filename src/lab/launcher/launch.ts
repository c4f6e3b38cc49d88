import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExitRecord, LaunchFacts, LaunchOutcome, ProcessFacts } from '../../evidence/lab.ts';
import type { Canaries } from '../canaries.ts';
import { commandLine } from './command.ts';
import { endAll, kill } from './ending.ts';
import { markerVariable } from './environment.ts';
import type { Inspector, Kin } from './inspection/inspector.ts';
import { recordOutput } from './output.ts';
import { reachableOrigin } from './ports.ts';
import { findListener, processFacts } from './readiness.ts';
import type { Watchdog } from './watchdog.ts';

export interface LaunchOptions {
  command: string;
  directory: string;
  /** All of it, but for the port and the lab's marker. */
  environment: Readonly<Record<string, string>>;
  port: number;
  portEnv: string;
  /** Milliseconds until it has to listen. */
  startTimeoutMs: number;
  canaries: Canaries;
  inspector: Inspector;
  watchdog: Watchdog;
  signal: AbortSignal;
}

/** A server under test, from its start until nothing of it is left. */
export interface LaunchedServer {
  /** Where it is reached; null: nothing listens. */
  origin: URL | null;
  /** Milliseconds since the launch. */
  now: () => number;
  /** What is known by now. */
  facts: () => LaunchFacts;
  /** The listener as it is now; null: it is gone, or there never was one. */
  listener: () => Promise<ProcessFacts | null>;
  /** Resolves when the process of the start command is over. */
  exited: Promise<ExitRecord>;
  /** To the process of the start command, as a supervisor does it. Returns false when there is no such process. */
  signalCommand: (signal: NodeJS.Signals) => boolean;
  /** To the process that listens. */
  signalListener: (signal: NodeJS.Signals) => boolean;
  /** Every living process of it. */
  processes: () => Promise<number[]>;
  /** Kills whatever is left of it. Returns the processes that would not die. */
  stop: () => Promise<number[]>;
}

/** Milliseconds for the last output of a server that is over; a process that it left behind may keep the pipes open. */
const lastOutputMs = 500;

let launches = 0;

/**
 * Runs the start command in a session of its own and waits until it listens, is over, or the time is up; what came is in
 * the facts. Stop it in any case.
 *
 * @throws the reason of an abort, after everything was stopped
 */
export async function launch(options: LaunchOptions): Promise<LaunchedServer> {
  const { inspector, watchdog, port, portEnv, canaries } = options;
  options.signal.throwIfAborted();
  launches += 1;
  const marker = `${watchdog.run}.${launches}.`;
  const begin = performance.now();
  const now = () => performance.now() - begin;
  const { file, words, shell } = commandLine(options.command);
  const child = spawn(file, words, {
    cwd: options.directory,
    env: { ...options.environment, [portEnv]: String(port), [markerVariable]: marker },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const kin: Kin = { marker, sessions: pid === 0 ? [] : [pid] };
  if (pid !== 0) watchdog.sessionBegan(pid);

  const output = recordOutput(canaries, now);
  output.follow('stdout', child.stdout);
  output.follow('stderr', child.stderr);
  let exit: ExitRecord | null = null;
  const exited = whenOver(child, now).then((record) => {
    exit = record;
    return record;
  });

  const stop = async () => {
    const left = await endAll(inspector, kin);
    if (pid !== 0) await exited;
    if (left.length === 0 && pid !== 0) watchdog.sessionEnded(pid);
    await Promise.race([closed(child), delay(lastOutputMs)]);
    child.stdout.destroy();
    child.stderr.destroy();
    return left;
  };

  let outcome: LaunchOutcome;
  try {
    outcome = await settle(options, kin, now, exited);
    if (outcome.kind === 'exited') await Promise.race([closed(child), delay(lastOutputMs)]);
  } catch (error) {
    await stop();
    throw error;
  }
  const listenerPid = outcome.kind === 'listening' ? outcome.listener.pid : null;
  return {
    origin:
      outcome.kind === 'listening'
        ? await reachableOrigin(addressesAt(outcome.listener.listens, outcome.port), outcome.port)
        : null,
    now,
    facts: () => ({ pid, shell, port, portEnv, outcome, exit, output: output.facts() }),
    listener: async () => (listenerPid === null ? null : processFacts(inspector, kin, listenerPid)),
    exited,
    // A pid that was reaped may be somebody else's by now.
    signalCommand: (signal) => exit === null && pid !== 0 && kill(pid, signal),
    signalListener: (signal) =>
      listenerPid !== null && (listenerPid !== pid || exit === null) && kill(listenerPid, signal),
    processes: () => inspector.members(kin),
    stop,
  };
}

async function settle(
  { inspector, port, startTimeoutMs, signal }: LaunchOptions,
  kin: Kin,
  now: () => number,
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

/** A program that is not there is over at once, with the shell's code for it (POSIX, "Exit Status for Commands"). */
function whenOver(child: ChildProcess, now: () => number): Promise<ExitRecord> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ atMs: Math.round(now()), code, signal }));
    child.once('error', () => resolve({ atMs: Math.round(now()), code: 127, signal: null }));
  });
}

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.stdout?.closed && child.stderr?.closed) resolve();
    else child.once('close', () => resolve());
  });
}

function addressesAt(listens: readonly string[], port: number): string[] {
  return listens
    .filter((address) => address.endsWith(`:${port}`))
    .map((address) => address.slice(0, -`:${port}`.length).replace(/^\[|\]$/g, ''));
}
