import { execFile, type SpawnOptions } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { chmod, chown, readdir } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cleanEnvironment } from './environment.ts';

const run = promisify(execFile);

/** A user that a server is started as. */
export interface RunAs {
  uid: number;
  gid: number;
  /** It may read every file and enter every directory, and nothing else that others may not (CAP_DAC_READ_SEARCH). */
  readsAll: boolean;
}

/** "nobody" and "nogroup" nearly everywhere; where they are not, they are nobody's all the same. */
const nobody = { uid: 65_534, gid: 65_534 };

export interface Started {
  file: string;
  words: string[];
  options: Pick<SpawnOptions, 'uid' | 'gid'>;
}

/** How a program is started as that user. `setpriv` becomes the program, so that the process stays the same. */
export function startedAs(as: RunAs | undefined, file: string, words: string[]): Started {
  if (as === undefined) return { file, words, options: {} };
  const { uid, gid, readsAll } = as;
  if (!readsAll) return { file, words, options: { uid, gid } };
  const capability = '-all,+dac_read_search';
  const options = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const capabilities = [`--inh-caps=${capability}`, `--ambient-caps=${capability}`];
  return { file: 'setpriv', words: [...options, ...capabilities, '--', file, ...words], options: {} };
}

/**
 * A user without rights that can read these files, by itself or with a capability for that.
 *
 * @param program of the start command
 * @returns the first file that no such user can read, where there is none
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

/** Where a program stands that the command names, as far as it can be seen. */
function programFile(program: string, directory: string): string | undefined {
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(directory, program)]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  for (const candidate of candidates) {
    try {
      if (statSync(candidate).isFile()) return realpathSync(candidate);
    } catch {
      // Not there; the next may be.
    }
  }
  return undefined;
}

const script = 'for file; do test -r "$file" || { printf %s "$file"; exit 1; }; done';

async function firstUnreadable(as: RunAs, files: string[]): Promise<string | null> {
  const { file, words, options } = startedAs(as, '/bin/sh', ['-c', script, 'sh', ...files]);
  try {
    await run(file, words, { ...options, cwd: '/', timeout: 10_000, env: cleanEnvironment(process.env) });
    return null;
  } catch (error) {
    return (error as { stdout?: string }).stdout || (files[0] ?? '');
  }
}

/** Gives a directory of the lab's own to that user, with all that is in it. Those above it can be passed through. */
export async function handOver(directory: string, { uid, gid }: RunAs, above: string): Promise<void> {
  await chmod(above, 0o711);
  const names = await readdir(directory, { recursive: true });
  for (const name of ['.', ...names]) await chown(join(directory, name), uid, gid);
}
