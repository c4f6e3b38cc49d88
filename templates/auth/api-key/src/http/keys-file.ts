import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type ApiKey, KeyProblem, parseEntry } from './api-keys.ts';

/**
 * Reads a file of keys: one entry a line; empty lines and those that begin with `#` do not count.
 *
 * @throws KeyProblem for what is wrong with the file, an empty one included: it may be a file that is being written
 */
export async function readKeysFile(path: string): Promise<ApiKey[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new KeyProblem(`names a file that cannot be read (${error.code})`);
  });
  const keys = text.split('\n').flatMap((line, index) => {
    const entry = line.replace(/^\uFEFF/, '').trim();
    if (entry === '' || entry.startsWith('#')) return [];
    try {
      return [parseEntry(entry)];
    } catch (error) {
      throw error instanceof KeyProblem ? new KeyProblem(`line ${index + 1} ${error.message}`) : error;
    }
  });
  if (keys.length === 0) throw new KeyProblem('names a file that holds no key');
  return keys;
}

/**
 * Calls `changed` when the file may have changed, and on SIGHUP, until the returned function is called.
 *
 * It looks at the file's status now and then instead of asking the system for events: those are about one inode, and
 * orchestrators replace a secret by another file behind a symbolic link.
 */
export function watchKeysFile(path: string, everyMs: number, changed: () => void): () => void {
  watchFile(path, { interval: everyMs, persistent: false }, changed);
  process.on('SIGHUP', changed);
  return () => {
    unwatchFile(path, changed);
    process.off('SIGHUP', changed);
  };
}
