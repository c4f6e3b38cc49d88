import { randomBytes } from 'node:crypto';
import { rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Plan } from './plan.ts';
import { reasonOf, ScaffoldProblem, stopIfInterrupted, systemErrorCode } from './problem.ts';
import { requireEmpty, type Target } from './target.ts';

/**
 * Writes the project so that it appears whole or not at all: it is put together in a temporary directory, `prepare` works
 * on it there, and then it is moved into place. When anything fails or `signal` aborts, the temporary directory and the
 * parent directories made for it are gone again.
 *
 * @param prepare gets the temporary directory's path
 * @returns what `prepare` returned
 * @throws ScaffoldProblem usage: the place cannot be written to; interrupted: `signal` aborted
 */
export async function writeProject<Result>(
  plan: Plan,
  target: Target,
  prepare: (directory: string) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  stopIfInterrupted(signal);
  const parent = dirname(target.directory);
  // An existing directory may be a mount point, or somebody's working directory: it stays, and its contents move in.
  const staging = target.exists
    ? join(target.directory, temporaryName('mcp-prod'))
    : join(parent, temporaryName(basename(target.directory)));
  const parents: string[] = [];
  let placed = false;
  const cleanUp = () => {
    rmSync(staging, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    if (!placed) removeParents(parents);
  };
  // For an exit that does not wait for the `finally` below, such as a second Ctrl-C.
  process.once('exit', cleanUp);
  try {
    await attempt(target.directory, () => makeParents(target, parents));
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
 * Makes what is missing between the nearest existing directory and the target's parent, and lists it in `made`, bottom
 * first. One at a time, because node's recursive mkdir never returns where the system answers ENOENT (below /proc, for one).
 */
async function makeParents({ directory, nearest }: Target, made: string[]): Promise<void> {
  const missing: string[] = [];
  for (let path = dirname(directory); path !== nearest && path !== dirname(nearest); path = dirname(path)) {
    missing.unshift(path);
  }
  for (const path of missing) {
    await mkdir(path);
    made.unshift(path);
  }
}

/** One that is not empty any more is not ours to remove. */
function removeParents(made: readonly string[]): void {
  try {
    for (const directory of made) rmdirSync(directory);
  } catch {
    // Nor are those above it.
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

/** The target did not exist when it was looked at; if it does now, an empty one is fine and any other is an error. */
async function moveWhole(staging: string, directory: string): Promise<void> {
  try {
    await rename(staging, directory);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new ScaffoldProblem('usage', `${directory} was created by someone else in the meantime.`);
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
