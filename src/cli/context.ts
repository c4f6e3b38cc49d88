import type { Readable, Writable } from 'node:stream';

/**
 * Everything of the outside world that a command may touch, so that a test can hand it another one.
 * Reports go to `stdout`; progress, notices and errors go to `stderr`.
 */
export interface CliContext {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. Commands pass it on to all work that takes time, clean up, and end with 130. */
  signal: AbortSignal;
}
