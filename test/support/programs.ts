import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface Program {
  child: ChildProcess;
  exited: Promise<unknown>;
}

/**
 * Starts a program of the system and waits for the line that says it is ready, on stdout or stderr.
 *
 * @throws Error with its output when it ends before, or with the Debian package to install when there is no such program
 */
export async function startProgram(
  command: string,
  words: readonly string[],
  { ready, debian }: { ready: RegExp; debian: string },
): Promise<Program> {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env });
  // Nothing that a test has started outlives it.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const exited = once(child, 'close').finally(() => process.off('exit', end));
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (ready.test(line)) resolve();
      });
    }
    exited.then(
      () => reject(new Error(`${command} ended:\n${said.join('\n')}`)),
      () => reject(new Error(`${command} is needed for this test: apt-get install ${debian}`)),
    );
  });
  return { child, exited };
}

/**
 * Whether a suite has to be left out because a program is not installed here. Never so in CI: there, what cannot be
 * verified has failed.
 */
export function lacks(program: string, debianPackage: string): boolean {
  if (programPath(program) !== '') return false;
  const message = `${program} is not installed (Debian package: ${debianPackage})`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`Left out: ${message}\n`);
  return true;
}

/** Where a program is installed; empty when it is not. */
export const programPath = (program: string): string =>
  spawnSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).stdout.trim();

/** A port on loopback that is free at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
