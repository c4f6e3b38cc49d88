import { randomBytes } from 'node:crypto';
import { access, constants, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from '../../collect/project/files/read-file.ts';
import { CommandError, exitCode, usageError } from '../exit.ts';

/**
 * Makes sure, before anything else is done, that a file can be written there later.
 *
 * @param file absolute
 * @param option the option that names it
 * @throws CommandError (usage)
 */
export async function requireWritable(file: string, option: string): Promise<void> {
  const folder = dirname(file);
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory();
  if (!isFolder) throw usageError(`${option}: there is no directory ${folder}.`, 'Create it first.');
  const target = await targetOf(file);
  if (target === null) {
    throw usageError(`${option}: ${file} ${leadsOut}.`, 'Name the file itself, or remove the link.');
  }
  const found = await stat(target).catch(() => null);
  if (found && !found.isFile()) {
    throw usageError(`${option}: ${file} is ${found.isDirectory() ? 'a directory' : 'no regular file'}.`);
  }
  try {
    await access(dirname(target), constants.W_OK | constants.X_OK);
  } catch {
    throw usageError(`${option}: the directory ${folder} cannot be written to.`);
  }
}

const leadsOut = 'is a link that leads out of its directory, or nowhere';

/** More links in a row are a circle (Linux, path_resolution(7)). */
const maxLinks = 40;

/**
 * Where a file of this name is written: a link within its directory stays a link. Whoever made the directory may have put
 * a link there, so one that leads out of it is not followed.
 *
 * @returns a path without links; null when it leads out of its directory, or nowhere
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
 * Writes a file whole or not at all: a reader never meets half of one, and a full disk costs no earlier one. A link within
 * its directory stays a link, and none that leads out is followed, also one that was put there meanwhile.
 *
 * @param mode of the file, where not the usual one
 * @throws CommandError (could not assess): nobody would see what was found
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
