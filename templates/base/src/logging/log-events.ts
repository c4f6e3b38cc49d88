import type { CallOutcome, Events } from '../events.ts';
import { currentLog } from '../scope.ts';
import type { Logger } from './logger.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * Every line about what the server does, and its level: `info` for normal work, `warn` for what was recovered from (a cache
 * miss, a retry) or is the caller's doing, `error` for failures.
 */
export function logEvents(events: Events, log: Logger): void {
  const write = (level: Level, line: object, message: string) =>
    currentLog(log)[level](
      'durationMs' in line ? { ...line, durationMs: Math.round(Number(line.durationMs)) } : line,
      message,
    );

  events.on('request', ({ abandoned, quiet, stream, ...line }) => {
    if (stream) write('info', line, 'stream ended');
    else if (abandoned) write('warn', line, 'request abandoned by the client');
    else if (line.status >= 500) write('error', line, 'request failed');
    else if (line.status >= 400) write('warn', line, 'request refused');
    else write(quiet ? 'debug' : 'info', line, 'request answered');
  });
  events.on('toolCall', ({ error, ...line }) =>
    write(
      levelOf(line.outcome),
      error === undefined ? line : { ...line, err: error },
      `tool call ${wordFor(line.outcome)}`,
    ),
  );
  events.on('resourceRead', (line) =>
    write(levelOf(line.outcome), line, `resource read ${wordFor(line.outcome)}`),
  );
  events.on('upstreamCall', (line) => {
    if (line.outcome === 'ok') write('info', line, 'weather service answered');
    // Retries and answers such as "no such city" are part of the day. A call that fails for good is the tool's error.
    else
      write(
        'warn',
        line,
        line.retryInMs === undefined ? 'weather service failed' : 'weather service retried',
      );
  });
  events.on('circuit', (line) => {
    if (line.open) write('error', line, 'weather service given up for a while');
    else write('info', line, 'weather service is back');
  });
  events.on('cacheRead', (line) => {
    if (line.result === 'miss') write('warn', line, 'cache miss');
  });
  events.on('overload', ({ overloaded, ...line }) => {
    if (overloaded) write('error', {}, 'overloaded, requests are refused');
    else write('info', line, 'no longer overloaded');
  });
  events.on('messageRefused', (line) => write('warn', line, 'message refused'));
  events.on('store', ({ available, ...line }) => {
    if (available) write('info', line, 'store is back');
    else write('error', line, 'store is unavailable, going on in memory');
  });
}

function levelOf(outcome: CallOutcome): Level {
  if (outcome === 'ok') return 'info';
  return outcome === 'not-found' || outcome === 'invalid-input' ? 'warn' : 'error';
}

function wordFor(outcome: CallOutcome): string {
  return { info: 'answered', warn: 'refused', error: 'failed', debug: '' }[levelOf(outcome)];
}
