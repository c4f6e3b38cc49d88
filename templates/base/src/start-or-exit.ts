import { ConfigError } from './config.ts';
import { ListenError } from './listen-error.ts';
import type { Logger } from './logging.ts';

/**
 * Runs the start of the process. Whatever goes wrong, then or later, becomes one log line and exit code 1: only a
 * process that ends is one that a restart policy can help.
 */
export function startOrExit(log: Logger, start: () => Promise<void>): void {
  const exit = (message: string) => (error: unknown) => {
    if (error instanceof ConfigError) log.error(error.message);
    else if (error instanceof ListenError) log.error({ code: error.code }, error.message);
    else log.error({ err: error }, message);
    process.exit(1);
  };
  // Unhandled rejections arrive here too.
  process.on('uncaughtException', exit('uncaught exception'));
  // The reader of stdout or stderr left. That is no reason to stop serving, and nothing more can be said.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  start().catch(exit('start failed'));
}
