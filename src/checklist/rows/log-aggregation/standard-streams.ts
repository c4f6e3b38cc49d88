import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import { judgeCallLine, lostLogs } from '../../reading/lab/call-lines.ts';
import {
  excerpt,
  lineCount,
  linesOf,
  logStreams,
  logsWithoutCalls,
  sent,
  servedLines,
  writtenLines,
  wrote,
} from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Judges whether the server writes its log to the standard streams. */
export function judgeStreams(history: LoggingHistory): Judgement {
  const judged = judgeCallLine(history);
  const { calls } = history;
  if (judged.verdict === 'pass') {
    const served = servedLines(history);
    if (served.length === 0) return judged;
    const streams = [...new Set(served.map(({ stream }) => stream))].sort().reverse();
    return pass(
      `While serving ${calls.length} calls, the server wrote ${lineCount(served.length)} to ${streams.join(' and ')}.`,
    );
  }
  if (judged.verdict !== 'fail') return judged;
  const failing = calls.find(({ purpose }) => purpose === 'failure');
  const { own, near } = failing === undefined ? { own: [], near: [] } : linesOf(history, failing);
  const [failureLine] = [...own, ...(logsWithoutCalls(history) ? [] : near)];
  if (failureLine !== undefined) {
    return pass(
      `The server wrote a line to ${failureLine.stream} for the failed call, and none for the other calls.`,
      wrote(failureLine),
    );
  }
  const entry =
    near[0] ?? writtenLines(history).find(({ read }) => read.form === 'json' && read.level !== null);
  if (entry !== undefined) {
    return inconclusive(
      `The server wrote no line for ${calls.length} calls. Whether it logs calls elsewhere is unknown. Its other lines are on ${entry.stream}: ${excerpt(entry)}`,
    );
  }
  return fail(
    `The server wrote no line to ${logStreams(history)} for ${calls.length} calls. ${lostLogs}`,
    ...calls.map(sent),
  );
}
