import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cleanEnvironment } from './environment.ts';

const run = promisify(execFile);

/**
 * Sets the soft limit of open files of a running process (prlimit(1), util-linux).
 *
 * @returns why it could not be set; null: it was set
 */
export async function setFileLimit(pid: number, soft: number): Promise<string | null> {
  try {
    await run('prlimit', [`--pid=${pid}`, `--nofile=${soft}:`], {
      timeout: 5_000,
      env: cleanEnvironment(process.env),
    });
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'The program "prlimit" is not installed.' : `prlimit failed: ${message}`;
  }
}
