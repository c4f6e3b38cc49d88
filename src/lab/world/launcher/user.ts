import { execFile, type SpawnOptions } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { chmod, chown, readdir } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cleanEnvironment } from './environment.ts';

const run = promisify(execFile);

/** The user that a server runs as. */
export interface RunAs {
  uid: number;
  gid: number;
  /** It has CAP_DAC_READ_SEARCH, to read every file and enter every directory. */
  readsAll: boolean;
}

/** "nobody" and "nogroup" on most systems, and unused on the others. */
const nobody = { uid: 65_534, gid: 65_534 };

export interface Started {
  file: string;
  args: string[];
  options: Pick<SpawnOptions, 'uid' | 'gid'>;
}

/** How a program is started as that user. `setpriv` replaces itself with the program, so the pid stays the same. */
export function startedAs(as: RunAs | undefined, file: string, args: string[]): Started {
  if (as === undefined) return { file, args, options: {} };
  const { uid, gid, readsAll } = as;
  if (!readsAll) return { file, args, options: { uid, gid } };
  const capability = '-all,+dac_read_search';
  const options = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const capabilities = [`--inh-caps=${capability}`, `--ambient-caps=${capability}`];
  return { file: 'setpriv', args: [...options, ...capabilities, '--', file, ...args], options: {} };
}

/**
 * Finds an unprivileged user that can read these files, if need be with a capability.
 *
 * @param program of the start command
 * @returns the first unreadable file if there is no such user
 */
export async function findUnprivilegedUser(
  program: string,
  directory: string,
  files: readonly string[],
): Promise<RunAs | { unreadable: string }> {
  const found = programFile(program, directory);
  const needed = [directory, ...(found === undefined ? [] : [found]), ...files];
  let unreadable = '';
  for (const readsAll of [false, true]) {
    const as = { ...nobody, readsAll };
    const missing = await firstUnreadable(as, needed);
    if (missing === null) return as;
    unreadable ||= missing;
  }
  return { unreadable };
}

/** The file of a program that a command names. */
function programFile(program: string, directory: string): string | undefined {
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(directory, program)]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  for (const candidate of candidates) {
    try {
      if (statSync(candidate).isFile()) return realpathSync(candidate);
    } catch {
      // Try the next folder.
    }
  }
  return undefined;
}

const script = 'for file; do test -r "$file" || { printf %s "$file"; exit 1; }; done';

async function firstUnreadable(as: RunAs, files: string[]): Promise<string | null> {
  const { file, args, options } = startedAs(as, '/bin/sh', ['-c', script, 'sh', ...files]);
  try {
    await run(file, args, { ...options, cwd: '/', timeout: 10_000, env: cleanEnvironment(process.env) });
    return null;
  } catch (error) {
    return (error as { stdout?: string }).stdout || (files[0] ?? '');
  }
}

/** Gives a directory of the lab, with its contents, to that user, and lets the user enter its parent. */
export async function handOver(directory: string, { uid, gid }: RunAs, above: string): Promise<void> {
  await chmod(above, 0o711);
  const names = await readdir(directory, { recursive: true });
  for (const name of ['.', ...names]) await chown(join(directory, name), uid, gid);
}
