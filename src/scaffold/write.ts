import { randomBytes } from 'node:crypto';
import { rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Plan } from './plan.ts';
import { reasonOf, ScaffoldProblem, stopIfInterrupted, systemErrorCode } from './problem.ts';
import { requireEmpty, type Target } from './target.ts';

/**
 * Writes the project completely or not at all. It is written to a temporary directory, where `prepare` works on it, and then
 * moved into place. After a failure or an abort, the temporary directory and the parents created for it are removed.
 *
 * @param prepare gets the path of the temporary directory
 * @returns the result of `prepare`
 * @throws ScaffoldProblem usage: the directory is not writable; interrupted: `signal` aborted
 */
export async function writeProject<Result>(
  plan: Plan,
  target: Target,
  prepare: (directory: string) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  stopIfInterrupted(signal);
  const parent = dirname(target.directory);
  // An existing directory may be a mount point or a working directory: it is kept, and the files are moved into it.
  const staging = target.exists
    ? join(target.directory, temporaryName('mcp-prod'))
    : join(parent, temporaryName(basename(target.directory)));
  const parents: string[] = [];
  let placed = false;
  const cleanUp = () => {
    rmSync(staging, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    if (!placed) removeParents(parents);
  };
  // For an exit that skips the `finally` below, for example after a second Ctrl-C.
  process.once('exit', cleanUp);
  try {
    await attempt(target.directory, () => createParents(target, parents));
    await attempt(target.directory, () => mkdir(staging));
    await attempt(target.directory, () => writeFiles(plan, staging));
    const result = await prepare(staging);
    stopIfInterrupted(signal);
    await (target.exists ? moveChildren(staging, target.directory) : moveWhole(staging, target.directory));
    placed = true;
    return result;
  } finally {
    process.off('exit', cleanUp);
    cleanUp();
  }
}

/**
 * Creates the missing parents of the target and lists them in `created`, innermost first. One at a time: Node's recursive
 * mkdir hangs where the system answers ENOENT, for example below /proc.
 */
async function createParents({ directory, nearest }: Target, created: string[]): Promise<void> {
  const missing: string[] = [];
  for (let path = dirname(directory); path !== nearest && path !== dirname(nearest); path = dirname(path)) {
    missing.unshift(path);
  }
  for (const path of missing) {
    await mkdir(path);
    created.unshift(path);
  }
}

/** Stops at a directory that is no longer empty. */
function removeParents(created: readonly string[]): void {
  try {
    for (const directory of created) rmdirSync(directory);
  } catch {
    // Its parents are not empty either.
  }
}

function temporaryName(base: string): string {
  return `.${base}-${randomBytes(6).toString('hex')}`;
}

async function writeFiles(plan: Plan, directory: string): Promise<void> {
  for (const { path, contents, mode } of plan.files) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents, { mode, flag: 'wx' });
  }
}

/** The target did not exist when it was checked. If it exists now, it must be empty. */
async function moveWhole(staging: string, directory: string): Promise<void> {
  try {
    await rename(staging, directory);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new ScaffoldProblem(
      'usage',
      `${directory} was created by another program in the meantime.`,
      'Give another directory.',
    );
  }
}

async function moveChildren(staging: string, directory: string): Promise<void> {
  await requireEmpty(directory, basename(staging));
  const moved: string[] = [];
  try {
    for (const entry of await readdir(staging)) {
      await rename(join(staging, entry), join(directory, entry));
      moved.push(entry);
    }
  } catch (error) {
    for (const entry of moved) await rm(join(directory, entry), { recursive: true, force: true });
    throw error;
  }
}

async function attempt<Result>(directory: string, make: () => Promise<Result>): Promise<Result> {
  try {
    return await make();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new ScaffoldProblem(
      'usage',
      `${directory} cannot be created: ${reasonOf(code)}.`,
      'Give a directory that you can write to.',
    );
  }
}
