import { ConfigError } from '../config.ts';
import type { Logger } from '../logging/logger.ts';
import { ListenError } from './listen-error.ts';

/** How long a process that is about to end may take for its last words. */
const lastWordsMs = 2_500;

const listeners = new Set<() => Promise<void>>();

/**
 * Registers what is done before the process ends because of an error that nobody caught, within bounds. Returns how to
 * take it back.
 */
export function onCrash(listener: () => Promise<void>): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Runs the start of the process. Whatever goes wrong, then or later, becomes one log line and exit code 1: only a
 * process that ends is one that a restart policy can help.
 */
export function startOrExit(log: Logger, start: () => Promise<void>): void {
  let ending = false;
  const exit = (message: string) => async (error: unknown) => {
    if (error instanceof ConfigError) log.error(error.message);
    else if (error instanceof ListenError) log.error({ code: error.code }, error.message);
    else log.error({ err: error }, message);
    if (ending) return;
    ending = true;
    if (listeners.size > 0) {
      setTimeout(() => process.exit(1), lastWordsMs);
      await Promise.allSettled([...listeners].map((listener) => listener()));
    }
    process.exit(1);
  };
  // Unhandled rejections arrive here too.
  process.on('uncaughtException', exit('uncaught exception'));
  start().catch(exit('start failed'));
}
