import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { envEntries, isEnvFile } from '../../text/secrets/env-files.ts';

/** A variable that an environment file of the project gives a value. The server may read it, whatever the lab gives. */
export interface OwnVariable {
  /** Relative to the project's directory. */
  file: string;
  name: string;
  value: string;
}

const maxFiles = 20;
const maxBytes = 64 * 1024;

/** What the environment files at the project's root hold (`.env`, `.env.local`). What cannot be read holds nothing. */
export async function readOwnVariables(directory: string): Promise<OwnVariable[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory() && isEnvFile(entry.name));
  const variables: OwnVariable[] = [];
  for (const { name: file } of files.slice(0, maxFiles)) {
    const text = await beginningOf(join(directory, file)).catch(() => '');
    for (const entry of envEntries(text)) variables.push({ file, ...entry });
  }
  return variables;
}

async function beginningOf(path: string): Promise<string> {
  // Opening a pipe would wait for somebody who writes.
  if (!(await stat(path)).isFile()) return '';
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
