import { randomBytes } from 'node:crypto';
import { access, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError, exitCode, usageError } from '../exit.ts';

/**
 * Makes sure, before anything else is done, that a file can be written there later.
 *
 * @param file absolute
 * @param option the option that names it
 * @throws CommandError (usage)
 */
export async function requireWritable(file: string, option: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found && !found.isFile()) {
    throw usageError(`${option}: ${file} is ${found.isDirectory() ? 'a directory' : 'no regular file'}.`);
  }
  const folder = dirname(file);
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory();
  if (!isFolder) throw usageError(`${option}: there is no directory ${folder}.`, 'Create it first.');
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw usageError(`${option}: the directory ${folder} cannot be written to.`);
  }
}

/**
 * Writes a file whole or not at all: a reader never meets half of one, and a full disk costs no earlier one. A link stays a
 * link.
 *
 * @param mode of the file, where not the usual one
 * @throws CommandError (could not assess): nobody would see what was found
 */
export async function writeWhole(file: string, text: string, mode?: number): Promise<void> {
  const target = await realpath(file).catch(() => file);
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
