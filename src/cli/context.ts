import type { Readable, Writable } from 'node:stream';

/**
 * Everything outside the process that a command may touch. Tests pass their own.
 * Reports go to `stdout`; progress, notices and errors go to `stderr`.
 */
export interface CliContext {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. Commands pass it to all slow work, clean up and exit with 130. */
  signal: AbortSignal;
}
