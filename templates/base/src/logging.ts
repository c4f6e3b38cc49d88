import { AsyncLocalStorage } from 'node:async_hooks';
import { destination, pino, stdTimeFunctions } from 'pino';
import * as z from 'zod';
import { about } from './about.ts';
import { batchLines } from './batched-lines.ts';

/** What code needs to write lines: the process's own log, or that of a request. */
export type Logger = Pick<pino.BaseLogger, 'debug' | 'info' | 'warn' | 'error'>;

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export const logSettings = {
  LOG_LEVEL: z.enum(levels, { error: `must be one of ${levels.join(', ')}` }).default('info'),
};

/**
 * One JSON object a line, with `time` (ISO 8601), `level` (a word) and `message`, as log collectors expect. Values are
 * JSON-encoded, so no input can break a line or forge one.
 */
export function createLogger(stream: 'stdout' | 'stderr'): pino.Logger {
  return pino(
    {
      base: { service: about.name },
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Nothing here logs headers. This is for the day someone does.
      redact: ['authorization', '*.authorization', '*.headers.authorization'],
    },
    // Synchronous, so that the last line before an exit is not lost.
    batchLines(destination({ dest: stream === 'stdout' ? 1 : 2, sync: true })),
  );
}

const requestLog = new AsyncLocalStorage<Logger>();

/** Runs `work` with `log` as the current log, so that lines written far below still carry the request's id. */
export function withLog<Result>(log: Logger, work: () => Result): Result {
  return requestLog.run(log, work);
}

/** The log of the request being served, or `fallback` outside of one (stdio, probes). */
export function currentLog(fallback: Logger): Logger {
  return requestLog.getStore() ?? fallback;
}
