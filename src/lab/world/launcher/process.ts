import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { ExitRecord } from '../../../evidence/lab/launch.ts';
import type { Canaries } from '../canaries.ts';
import type { Clock } from '../clock.ts';
import { commandLine } from './command.ts';
import { markerVariable } from './environment.ts';
import type { Inspector } from './inspection/inspector.ts';
import type { ProcessTree } from './inspection/process-tree.ts';
import { type OutputRecord, recordOutput } from './output.ts';
import { kill, killAll } from './termination.ts';
import { type RunAs, startedAs } from './user.ts';
import type { Watchdog } from './watchdog.ts';

export interface ProcessOptions {
  command: string;
  directory: string;
  /** All of it, but for the lab's marker. */
  environment: Readonly<Record<string, string>>;
  canaries: Canaries;
  inspector: Inspector;
  watchdog: Watchdog;
  /** Of the instance that the process belongs to. */
  now: Clock;
  /** The user that it is started as; default: the auditor's own. */
  as?: RunAs | undefined;
  /** Given: standard input is a pipe, and standard output belongs to the caller and is not recorded. */
  speaks?: true;
}

/** A command in a session of its own, from its start until nothing of it is left. */
export interface StartedProcess {
  /** 0: the program could not be started. */
  pid: number;
  shell: boolean;
  kin: ProcessTree;
  stdin: Writable | null;
  stdout: Readable;
  output: OutputRecord;
  exit: () => ExitRecord | null;
  /** Resolves when the process of the command is over. */
  exited: Promise<ExitRecord>;
  /** Resolves when all it printed was read; a process that it left behind may keep the pipes open for ever. */
  outputEnded: () => Promise<void>;
  /** To the process of the command. Returns false when there is none any more. */
  signal: (signal: NodeJS.Signals) => boolean;
  /** Kills whatever is left of it. Returns the processes that would not die. */
  stop: () => Promise<number[]>;
}

/** Milliseconds without further output of a process that is over, after which it is taken for all; and for all of it. */
const lastOutputMs = 500;
const longestOutputMs = 5_000;

let launches = 0;

/** Starts a command as a supervisor does. A program that is not there is over at once. Stop it in any case. */
export function startProcess(options: ProcessOptions): StartedProcess {
  const { inspector, watchdog, canaries, now } = options;
  launches += 1;
  const marker = `${watchdog.run}.${launches}.`;
  const { file, words, shell } = commandLine(options.command);
  const started = startedAs(options.as, file, words);
  const child = spawn(started.file, started.words, {
    ...started.options,
    cwd: options.directory,
    env: { ...options.environment, [markerVariable]: marker },
    detached: true,
    stdio: [options.speaks ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr, stdin } = child as ChildProcess & { stdout: Readable; stderr: Readable };
  const pid = child.pid ?? 0;
  const kin: ProcessTree = { marker, sessions: pid === 0 ? [] : [pid] };
  if (pid !== 0) watchdog.sessionBegan(pid);
  // A process that does not read any more is seen by its end.
  stdin?.on('error', () => {});

  const output = recordOutput(canaries, now);
  if (!options.speaks) output.follow('stdout', stdout);
  output.follow('stderr', stderr);
  let exit: ExitRecord | null = null;
  const exited = waitForExit(child, now).then((record) => {
    exit = record;
    return record;
  });
  const outputEnded = () => allRead(stdout as Socket, stderr as Socket);

  return {
    pid,
    shell,
    kin,
    stdin,
    stdout,
    output,
    exit: () => exit,
    exited,
    outputEnded,
    // A pid that was reaped may be somebody else's by now.
    signal: (signal) => exit === null && pid !== 0 && kill(pid, signal),
    stop: async () => {
      const left = await killAll(inspector, kin);
      if (pid !== 0) await exited;
      if (left.length === 0 && pid !== 0) watchdog.sessionEnded(pid);
      await outputEnded();
      stdin?.destroy();
      stdout.destroy();
      stderr.destroy();
      return left;
    },
  };
}

/** With the shell's code for a program that is not there (POSIX, "Exit Status for Commands"). */
function waitForExit(child: ChildProcess, now: Clock): Promise<ExitRecord> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ atMs: Math.round(now()), code, signal }));
    child.once('error', () => resolve({ atMs: Math.round(now()), code: 127, signal: null }));
  });
}

/** Waits until the pipes are closed, or nothing comes any more. */
async function allRead(...pipes: Socket[]): Promise<void> {
  const bytes = () => pipes.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  const over = closed(...pipes).then(() => true);
  const until = performance.now() + longestOutputMs;
  for (let before = -1; bytes() > before && performance.now() < until; ) {
    before = bytes();
    // When we are late, the time is up before what has come was read.
    const quiet = delay(lastOutputMs)
      .then(nextTurn)
      .then(() => false);
    if (await Promise.race([over, quiet])) return;
  }
}

async function closed(...streams: Readable[]): Promise<void> {
  await Promise.all(
    streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.closed) resolve();
          else stream.once('close', () => resolve());
        }),
    ),
  );
}
