import { randomBytes } from 'node:crypto';
import { access, constants, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from '../../collect/project/files/read-file.ts';
import { CommandError, exitCode, usageError } from '../exit.ts';

/**
 * Checks, before the audit starts, that the file can be written later.
 *
 * @param file absolute
 * @param option the option that names the file
 * @throws CommandError (usage)
 */
export async function requireWritable(file: string, option: string): Promise<void> {
  const folder = dirname(file);
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory();
  if (!isFolder) throw usageError(`${option}: the directory ${folder} does not exist.`, 'Create it first.');
  const target = await targetOf(file);
  if (target === null) {
    throw usageError(`${option}: ${file} ${leadsOut}.`, 'Name the target file directly, or remove the link.');
  }
  const found = await stat(target).catch(() => null);
  if (found && !found.isFile()) {
    throw usageError(
      `${option}: ${file} is ${found.isDirectory() ? 'a directory' : 'not a regular file'}.`,
      'Name a file.',
    );
  }
  try {
    await access(dirname(target), constants.W_OK | constants.X_OK);
  } catch {
    throw usageError(
      `${option}: the directory ${folder} is not writable.`,
      'Check its permissions, or name another file.',
    );
  }
}

const leadsOut = 'is a link that leads out of its directory or is broken';

/** Longer chains of links count as a loop (Linux, path_resolution(7)). */
const maxLinks = 40;

/**
 * The file to write to. A link within its directory is followed. A link out of it is not: a stranger may have put it there.
 *
 * @returns a path without links; null if a link leads out of its directory or is broken
 */
async function targetOf(file: string): Promise<string | null> {
  const directory = await realpath(dirname(file)).catch(() => dirname(file));
  let target = join(directory, basename(file));
  for (let links = 0; links < maxLinks; links++) {
    const link = await readlink(target).catch(() => null);
    if (link === null) return target;
    const next = resolve(dirname(target), link);
    const folder = await realpath(dirname(next)).catch(() => null);
    if (folder === null || !isInside(directory, folder)) return null;
    target = join(folder, basename(next));
  }
  return null;
}

/**
 * Writes a file completely or not at all. A full disk leaves the earlier file intact.
 * A link within its directory stays a link. A link out of it is not followed, even one created during the audit.
 *
 * @param mode the file mode, if not the default
 * @throws CommandError (could not assess), because the result would be lost
 */
export async function writeWhole(file: string, text: string, mode?: number): Promise<void> {
  const target = await targetOf(file);
  if (target === null) {
    throw new CommandError(exitCode.couldNotAssess, `${file} was not written: it ${leadsOut}.`);
  }
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx', ...(mode !== undefined && { mode }) });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CommandError(
      exitCode.couldNotAssess,
      `${file} could not be written: ${(error as Error).message}.`,
    );
  }
}
