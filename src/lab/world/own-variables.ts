import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { envEntries, isEnvFile } from '../../text/secrets/env-files.ts';
import { readFileBeginning } from '../async/bounded-read.ts';

/** A variable in an environment file of the project. The server may read it there. */
export interface OwnVariable {
  /** Relative to the project's directory. */
  file: string;
  name: string;
  value: string;
}

const maxFiles = 20;
const maxBytes = 64 * 1024;

/** The variables of the environment files at the project's root (`.env`, `.env.local`). Unreadable files have none. */
export async function readOwnVariables(directory: string): Promise<OwnVariable[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory() && isEnvFile(entry.name));
  const variables: OwnVariable[] = [];
  for (const { name: file } of files.slice(0, maxFiles)) {
    const path = join(directory, file);
    // Opening a pipe would block.
    const isFile = (await stat(path).catch(() => null))?.isFile();
    const text = isFile ? await readFileBeginning(path, maxBytes) : '';
    for (const entry of envEntries(text)) variables.push({ file, ...entry });
  }
  return variables;
}
