import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { ExitRecord } from '../../../evidence/lab/launch.ts';
import type { Canaries } from '../canaries.ts';
import type { Clock } from '../clock.ts';
import { commandLine } from './command.ts';
import { markerVariable } from './environment.ts';
import type { Inspector, ProcessTree } from './inspection/inspector.ts';
import { type OutputRecord, recordOutput } from './output.ts';
import { kill, killAll } from './termination.ts';
import { type RunAs, startedAs } from './user.ts';
import type { Watchdog } from './watchdog.ts';

export interface ProcessOptions {
  command: string;
  directory: string;
  /** Complete, except for the lab's marker. */
  environment: Readonly<Record<string, string>>;
  canaries: Canaries;
  inspector: Inspector;
  watchdog: Watchdog;
  /** The clock of the instance. */
  now: Clock;
  /** The user to run as. Default: the auditor's own. */
  as?: RunAs | undefined;
  /** Given: standard input is a pipe, and the caller reads standard output. Otherwise it is recorded. */
  pipeStdio?: true;
}

/** A command in a session of its own, until it is stopped. */
export interface StartedProcess {
  /** 0: the program could not be started. */
  pid: number;
  shell: boolean;
  tree: ProcessTree;
  stdin: Writable | null;
  stdout: Readable;
  output: OutputRecord;
  exit: () => ExitRecord | null;
  /** Resolves when the process of the command has exited. */
  exited: Promise<ExitRecord>;
  /** Resolves when its output was read. A child that it left behind may keep the pipes open, so the wait is bounded. */
  outputEnded: () => Promise<void>;
  /** Signals the process of the command. Returns false when it has exited. */
  signal: (signal: NodeJS.Signals) => boolean;
  /** Kills its remaining processes. Returns those that survived. */
  stop: () => Promise<number[]>;
}

/** Milliseconds without further output after which the output counts as complete. */
const quietMs = 500;
/** Milliseconds after which it counts as complete in any case. */
const longestOutputMs = 5_000;

let launches = 0;

/** Starts a command as a supervisor does. A program that does not exist exits at once. Stop it in any case. */
export function startProcess(options: ProcessOptions): StartedProcess {
  const { inspector, watchdog, canaries, now } = options;
  launches += 1;
  const marker = `${watchdog.marker}${launches}.`;
  const { file, args, shell } = commandLine(options.command);
  const started = startedAs(options.as, file, args);
  const child = spawn(started.file, started.args, {
    ...started.options,
    cwd: options.directory,
    env: { ...options.environment, [markerVariable]: marker },
    detached: true,
    stdio: [options.pipeStdio ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr, stdin } = child as ChildProcess & { stdout: Socket; stderr: Socket };
  const pid = child.pid ?? 0;
  const tree: ProcessTree = { marker, sessions: pid === 0 ? [] : [pid] };
  if (pid !== 0) watchdog.sessionBegan(pid);
  // The exit shows what a write error would say.
  stdin?.on('error', () => {});

  const output = recordOutput(canaries, now);
  if (!options.pipeStdio) output.follow('stdout', stdout);
  output.follow('stderr', stderr);
  let exit: ExitRecord | null = null;
  const exited = exitOf(child, now).then((record) => {
    exit = record;
    return record;
  });
  const outputEnded = () => allRead(stdout, stderr);

  return {
    pid,
    shell,
    tree,
    stdin,
    stdout,
    output,
    exit: () => exit,
    exited,
    outputEnded,
    // The system may give the pid of a reaped process to another one.
    signal: (signal) => exit === null && pid !== 0 && kill(pid, signal),
    stop: async () => {
      const left = await killAll(inspector, tree);
      if (pid !== 0) await exited;
      if (left.length === 0 && pid !== 0) watchdog.sessionEnded(pid);
      await outputEnded();
      for (const stream of [stdin, stdout, stderr]) stream?.destroy();
      return left;
    },
  };
}

/** A program that does not exist gets the shell's exit code (POSIX, "Exit Status for Commands"). */
function exitOf(child: ChildProcess, now: Clock): Promise<ExitRecord> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ atMs: Math.round(now()), code, signal }));
    child.once('error', () => resolve({ atMs: Math.round(now()), code: 127, signal: null }));
  });
}

/** Waits until the pipes are closed, or quiet. */
async function allRead(...pipes: Socket[]): Promise<void> {
  const bytes = () => pipes.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  const closed = Promise.all(pipes.map(closeOf)).then(() => true);
  const until = performance.now() + longestOutputMs;
  for (let before = -1; bytes() > before && performance.now() < until; ) {
    before = bytes();
    // After a delay of the event loop, the timer fires before the pending output is read.
    const quiet = delay(quietMs)
      .then(nextTurn)
      .then(() => false);
    if (await Promise.race([closed, quiet])) return;
  }
}

const closeOf = (stream: Readable): Promise<unknown> =>
  stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once('close', resolve));
