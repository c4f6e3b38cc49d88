import { pino, stdTimeFunctions } from 'pino';
import * as z from 'zod';
import { about } from '../about.ts';
import { currentScope } from '../scope.ts';
import { boundLine } from './log-bounds.ts';
import type { LineSink } from './log-sink.ts';
import { hide, secretsIn } from './secrets.ts';

/** What code needs to write lines: the process's own log, or that of a request. */
export type Logger = Pick<pino.BaseLogger, 'debug' | 'info' | 'warn' | 'error'>;

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export const logSettings = {
  LOG_LEVEL: z.enum(levels, { error: `must be one of ${levels.join(', ')}` }).default('info'),
};

/**
 * One JSON object a line, with `time` (ISO 8601), `level` (a word) and `message`, as log collectors expect, and the
 * `traceId` of the request. Values are JSON-encoded and bounded, so no input can break a line, forge one or flood the log.
 *
 * @param env where secrets are that must not be in any line; looked at when the first line is written, after `.env` is read
 */
export function createLogger(sink: LineSink, env: NodeJS.ProcessEnv = process.env): pino.Logger {
  let secrets: readonly string[] | undefined;
  return pino(
    {
      base: { service: about.name },
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: boundLine },
      // Errors have become plain objects in boundLine.
      serializers: { err: (error) => error },
      mixin: () => {
        const scope = currentScope();
        return scope === undefined ? {} : { traceId: scope.trace.id };
      },
      // Nothing here logs headers. This is for the day someone does.
      redact: ['authorization', '*.authorization', '*.headers.authorization'],
    },
    {
      write: (line) => {
        secrets ??= secretsIn(env);
        sink.write(hide(secrets, line));
      },
    },
  );
}
