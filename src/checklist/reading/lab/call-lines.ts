import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import { count } from '../../../text/counts.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { noCall } from './calls.ts';
import {
  dropped,
  lineCount,
  linesOf,
  logStreams,
  logsWithoutCalls,
  sent,
  writtenLines,
  wrote,
} from './logging.ts';

/** Advice where the standard streams have no line of a call. */
export const lostLogs =
  'A log in a file or a buffer is lost when the server ends. In Python, set PYTHONUNBUFFERED=1.';

/** Judges whether a successful call leaves a line. */
export function judgeCallLine(history: LoggingHistory): Judgement {
  const calls = history.calls.filter(({ purpose }) => purpose !== 'failure');
  const [call] = calls;
  if (call === undefined) return noCall;
  const logged = calls.map((one) => ({ call: one, ...linesOf(history, one) }));
  const named = logged.find(({ own }) => own.length > 0);
  if (named !== undefined) {
    return pass(
      `The server logged ${lineCount(named.own.length)} for a call of "${named.call.tool}".`,
      sent(named.call),
      ...named.own.slice(0, 2).map(wrote),
    );
  }
  const unnamed = logged.find(({ near }) => near.length > 0);
  if (unnamed !== undefined) {
    return logsWithoutCalls(history)
      ? inconclusive(
          'Which lines belong to the calls is unknown. Lines also appear without a call, and none names the tool, an argument or the request.',
        )
      : pass(
          `The server logged ${lineCount(unnamed.near.length)} during a call of "${unnamed.call.tool}", without the name of the tool.`,
          sent(unnamed.call),
          ...unnamed.near.slice(0, 2).map(wrote),
        );
  }
  const late = writtenLines(history).filter(
    ({ atMs, text }) => atMs >= history.stoppedMs && text.includes(call.tool),
  );
  if (late.length > 0) {
    return pass(
      `The server logged ${lineCount(late.length)} for ${count(calls.length, 'call')}, but only when it stopped. It buffers its log.`,
      ...late.slice(0, 2).map(wrote),
    );
  }
  if (history.launch.output.droppedLines > 0) return dropped(history);
  return fail(
    `The server logged nothing on ${logStreams(history)} for ${count(calls.length, 'call')} of "${call.tool}". ${lostLogs}`,
    ...calls.map(sent),
  );
}
