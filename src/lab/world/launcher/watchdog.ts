import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LabProblem } from '../../problem.ts';
import { createInspector } from './inspection/create-inspector.ts';
import { killAll } from './termination.ts';

/** Stands by for the time of one lab run, so that even `kill -9` of the auditor leaves nothing behind. */
export interface Watchdog {
  /** The beginning of the marker of every process of this lab. */
  marker: string;
  /** A directory of this run, removed at its end. */
  directory: string;
  sessionBegan: (pid: number) => void;
  sessionEnded: (pid: number) => void;
  /** Resolves when no process and no file of the run is left. */
  close: () => Promise<void>;
}

/**
 * Starts the process that cleans up.
 *
 * @param args what Node is started with
 * @throws LabProblem when it cannot be started: then nothing may be launched
 */
export async function startWatchdog(args: readonly string[] = program()): Promise<Watchdog> {
  const marker = `${randomBytes(8).toString('hex')}.`;
  const child = spawn(process.execPath, [...args, marker], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exit = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
  // A watchdog that died is noticed at the end.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout });
  const directory = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exit.then(() => undefined),
  ]);
  if (directory === undefined) {
    throw new LabProblem(
      'project',
      'The process that cleans up after the lab could not be started, so nothing was.',
      'Check that the directory for temporary files can be written to, and that processes can be started.',
    );
  }

  // A run that somebody forgot to close does not keep the auditor alive: its end is what the watchdog waits for.
  child.unref();
  (child.stdin as Socket).unref();
  (child.stdout as Socket).unref();

  const sessions = new Set<number>();
  let closing: Promise<void> | undefined;
  const close = async () => {
    child.ref();
    child.stdin.end();
    if (await exit) return;
    await killAll(createInspector(), { marker, sessions: [...sessions] });
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  return {
    marker,
    directory,
    sessionBegan: (pid) => {
      sessions.add(pid);
      child.stdin.write(`+${pid}\n`);
    },
    sessionEnded: (pid) => {
      sessions.delete(pid);
      child.stdin.write(`-${pid}\n`);
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** In the package it is JavaScript. In the source it is TypeScript, which Node 20 runs with the help of tsx. */
function program(): string[] {
  const file = (extension: string) =>
    fileURLToPath(new URL(`./watchdog-process.${extension}`, import.meta.url));
  if (!import.meta.url.endsWith('.ts')) return [file('js')];
  const loader = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(loader).href, file('ts')];
}
