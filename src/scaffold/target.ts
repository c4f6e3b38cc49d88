import { lstat, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf, ScaffoldProblem, systemErrorCode } from './problem.ts';

export interface Target {
  /** Absolute. */
  directory: string;
  /** Whether the directory already exists (and is empty). */
  exists: boolean;
  /** The directory itself, or the nearest one above it that exists. */
  nearest: string;
}

/** Entries that do not count: those of an empty clone and of file managers. */
const ignored: ReadonlySet<string> = new Set(['.git', '.DS_Store']);

/**
 * Checks the project's directory without changing anything.
 *
 * @throws ScaffoldProblem (usage) if it cannot be used
 */
export async function inspectTarget(directory: string): Promise<Target> {
  const exists = await isDirectory(directory);
  if (exists) {
    await requireEmpty(directory);
    return { directory, exists, nearest: directory };
  }
  let nearest = dirname(directory);
  while (!(await isDirectory(nearest))) nearest = dirname(nearest);
  return { directory, exists, nearest };
}

/** @throws ScaffoldProblem (usage) unless the directory is empty, apart from `except` */
export async function requireEmpty(directory: string, except?: string): Promise<void> {
  const found = (await entriesOf(directory)).filter((entry) => !ignored.has(entry) && entry !== except);
  const [first] = found;
  if (first === undefined) return;
  const others = found.length === 1 ? '' : ` and ${found.length - 1} more`;
  throw new ScaffoldProblem(
    'usage',
    `${directory} is not empty: it contains ${first}${others}.`,
    'Give a new or an empty directory. Existing files are never overwritten.',
  );
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    throw unusable(directory, error);
  }
}

/** @returns false if the path does not exist */
async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
    throw new ScaffoldProblem('usage', `${path} is a file, not a directory.`, 'Give another directory.');
  } catch (error) {
    if (error instanceof ScaffoldProblem) throw error;
    const code = systemErrorCode(error);
    // A path below a file: the loop above reaches the file itself.
    if (code === 'ENOTDIR') return false;
    if (code === 'ENOENT') {
      if (
        await lstat(path).then(
          () => true,
          () => false,
        )
      ) {
        throw new ScaffoldProblem('usage', `${path} is a broken link.`, 'Give another directory.');
      }
      return false;
    }
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): ScaffoldProblem {
  const reason = reasonOf(systemErrorCode(error));
  return new ScaffoldProblem('usage', `${path} cannot be used: ${reason}.`, 'Give another directory.');
}
