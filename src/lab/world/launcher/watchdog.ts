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

/** A process that cleans up after one lab, even after `kill -9` of the auditor. */
export interface Watchdog {
  /** The beginning of the marker of every process of this lab. */
  marker: string;
  /** The directory of this lab, removed at its end. */
  directory: string;
  sessionBegan: (pid: number) => void;
  sessionEnded: (pid: number) => void;
  /** Resolves when no process and no file of the lab is left. */
  close: () => Promise<void>;
}

/**
 * @param args for Node
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
  // `close` cleans up for a watchdog that died.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout });
  const directory = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exit.then(() => undefined),
  ]);
  if (directory === undefined) {
    throw new LabProblem(
      'project',
      'The lab launched nothing, because the process that cleans up after it could not be started.',
      'Check that the directory for temporary files is writable, and that processes can be started.',
    );
  }

  // The watchdog waits for the end of the auditor, so it must not keep the auditor alive.
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

/** JavaScript in the package. In the source it is TypeScript, for which Node 20 needs tsx. */
function program(): string[] {
  const file = (extension: string) =>
    fileURLToPath(new URL(`./watchdog-process.${extension}`, import.meta.url));
  if (!import.meta.url.endsWith('.ts')) return [file('js')];
  const loader = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(loader).href, file('ts')];
}
