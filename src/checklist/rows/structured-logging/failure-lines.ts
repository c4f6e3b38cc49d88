import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import { comesUnasked, dropped, lineCount, linesOf, sent, shown, wrote } from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { keyOf, linesOfForgery } from './forged-lines.ts';

/** Judges the level of what a failing call left. */
export function judgeFailureLevel(history: LoggingHistory): Judgement {
  const call = history.calls.find(({ purpose }) => purpose === 'failure');
  if (call === undefined) {
    return inconclusive('No call could be made to fail. Name a tool in "tool" that asks an upstream.');
  }
  const { own, near } = linesOf(history, call);
  // A line that an argument forged says what its author liked.
  const forged = linesOfForgery(history);
  const lines = (comesUnasked(history) ? own : [...own, ...near]).filter((line) => !forged.has(keyOf(line)));
  const loud = lines.find(({ read }) => read.level === 'warn' || read.level === 'error');
  const why =
    history.failedBy === 'reset' ? 'while the upstream reset its connections' : 'with forbidden arguments';
  if (loud !== undefined) {
    return pass(
      `A call ${why} left a line of level ${loud.read.level === 'warn' ? 'warning' : 'error'}.`,
      sent(call),
      wrote(loud),
    );
  }
  const failed = call.outcome.kind !== 'result' || call.outcome.isError;
  if (!failed) {
    return inconclusive(`A call ${why} was answered as if nothing had failed, and left no warning or error.`);
  }
  if (history.failedBy === 'arguments') {
    return inconclusive(
      'Only a call with forbidden arguments could be made to fail, which is the caller’s mistake: it left no warning. Name a tool in "tool" that asks an upstream.',
    );
  }
  if (history.launch.output.droppedLines > 0) return dropped(history);
  const [quiet] = lines;
  if (quiet === undefined) {
    if (near.length > 0) {
      return inconclusive(
        'Which of the lines tell of the call that failed is not known: such lines appear without a call as well.',
      );
    }
    return fail(`A call that failed ${why} left no line at all.`, sent(call));
  }
  if (lines.some(({ read }) => read.level === null)) {
    return inconclusive(
      `A call that failed ${why} left a line without a level that is known: ${shown(quiet)}`,
    );
  }
  return fail(
    `A call that failed ${why} left ${lineCount(lines.length)}, none of them a warning or an error: ${shown(quiet)}`,
    sent(call),
    ...lines.slice(0, 2).map(wrote),
  );
}
