import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import {
  comesUnasked,
  dropped,
  lineCount,
  linesOf,
  logStreams,
  sent,
  servedLines,
  shown,
  writtenLines,
  wrote,
} from './logging.ts';

/** What to look at where calls left nothing on the standard streams. */
const whereLinesGo =
  'A log that goes elsewhere, or that is kept back in a buffer (Python: PYTHONUNBUFFERED=1), is lost when the server ends.';

/** Judges whether a call that works leaves a line. */
export function judgeCallLine(history: LoggingHistory): Judgement {
  const calls = history.calls.filter(({ purpose }) => purpose !== 'failure');
  const [call] = calls;
  if (call === undefined) return inconclusive('No call was made.');
  const unasked = comesUnasked(history);
  const each = calls.map((one) => ({ call: one, ...linesOf(history, one) }));
  const named = each.find(({ own }) => own.length > 0);
  if (named !== undefined) {
    return pass(
      `A call of "${named.call.tool}" left ${lineCount(named.own.length)} that tell of it.`,
      sent(named.call),
      ...named.own.slice(0, 2).map(wrote),
    );
  }
  const beside = each.find(({ near }) => near.length > 0);
  if (beside !== undefined) {
    return unasked
      ? inconclusive(
          'Lines appeared during the calls, but such lines appear without a call as well, and none names the tool, its arguments or the request.',
        )
      : pass(
          `A call of "${beside.call.tool}" left ${lineCount(beside.near.length)}, though without its name.`,
          sent(beside.call),
          ...beside.near.slice(0, 2).map(wrote),
        );
  }
  const late = writtenLines(history).filter(
    ({ atMs, text }) => atMs >= history.stoppedMs && text.includes(call.tool),
  );
  if (late.length > 0) {
    return pass(
      `${calls.length} calls left ${lineCount(late.length)}, but only when it was told to end: it keeps lines back.`,
      ...late.slice(0, 2).map(wrote),
    );
  }
  if (history.launch.output.droppedLines > 0) return dropped(history);
  return fail(
    `${calls.length === 1 ? 'A call' : `${calls.length} calls`} of "${call.tool}" left no line on ${logStreams(history)}. ${whereLinesGo}`,
    ...calls.map(sent),
  );
}

/** Judges whether the server writes its log to the standard streams. */
export function judgeStreams(history: LoggingHistory): Judgement {
  const judged = judgeCallLine(history);
  const { calls } = history;
  const served = servedLines(history);
  if (judged.verdict === 'pass') {
    const streams = [...new Set(served.map(({ stream }) => stream))].sort().reverse();
    return pass(
      `It wrote ${lineCount(served.length)} to ${streams.join(' and ') || 'stdout'} while it served ${calls.length} calls.`,
    );
  }
  if (judged.verdict !== 'fail') return judged;
  const failing = calls.find(({ purpose }) => purpose === 'failure');
  const ofFailure = failing === undefined ? { own: [], near: [] } : linesOf(history, failing);
  const [telling] = [...ofFailure.own, ...(comesUnasked(history) ? [] : ofFailure.near)];
  if (telling !== undefined) {
    return pass('It writes to the standard streams, though of a call that failed alone.', wrote(telling));
  }
  const entry =
    ofFailure.near[0] ??
    writtenLines(history).find(({ read }) => read.form === 'json' && read.level !== null);
  if (entry !== undefined) {
    return inconclusive(
      `${calls.length} calls left no line, but others are on ${entry.stream}: ${shown(entry)} Whether there is a log of calls elsewhere is not known.`,
    );
  }
  return fail(
    `None of ${calls.length} calls left a line on ${logStreams(history)}. ${whereLinesGo}`,
    ...calls.map(sent),
  );
}
