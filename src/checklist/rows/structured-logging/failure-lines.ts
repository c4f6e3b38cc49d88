import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import { nameUpstreamTool } from '../../reading/lab/calls.ts';
import {
  dropped,
  excerpt,
  lineCount,
  linesOf,
  logsWithoutCalls,
  sent,
  wrote,
} from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { keyOf, linesOfForgery } from './forged-lines.ts';

/** Judges whether the server logs a failed call at level warning or error. */
export function judgeFailureLevel(history: LoggingHistory): Judgement {
  const call = history.calls.find(({ purpose }) => purpose === 'failure');
  if (call === undefined) {
    return inconclusive(`The lab could not make a call fail. ${nameUpstreamTool}`);
  }
  const { own, near } = linesOf(history, call);
  // A forged line has the level that its author chose.
  const forged = linesOfForgery(history);
  const lines = (logsWithoutCalls(history) ? own : [...own, ...near]).filter(
    (line) => !forged.has(keyOf(line)),
  );
  const loud = lines.find(({ read }) => read.level === 'warn' || read.level === 'error');
  const failing = `a call ${history.failedBy === 'reset' ? 'made while the upstream reset connections' : 'with invalid arguments'}`;
  const failedText = 'A call failed while the upstream reset connections';
  if (loud !== undefined) {
    return pass(
      `The server logged a line of level ${loud.read.level === 'warn' ? 'warning' : 'error'} for ${failing}.`,
      sent(call),
      wrote(loud),
    );
  }
  if (call.outcome.kind === 'result' && !call.outcome.isError) {
    return inconclusive(
      `The server returned a result for ${failing}, and logged no warning or error. How it logs failures is unknown. Name a tool in "tool" that fails without its upstream.`,
    );
  }
  if (history.failedBy === 'arguments') {
    return inconclusive(
      `The only failed call had invalid arguments, which is the caller’s error. The server logged no warning. ${nameUpstreamTool}`,
    );
  }
  if (history.launch.output.droppedLines > 0) return dropped(history);
  const [quiet] = lines;
  if (quiet === undefined) {
    if (near.length > 0) {
      return inconclusive('Similar lines appear without a call. Which belong to the failed call is unknown.');
    }
    return fail(`${failedText}, and the server logged no line.`, sent(call));
  }
  if (lines.some(({ read }) => read.level === null)) {
    return inconclusive(`${failedText}. The server logged a line of unknown level: ${excerpt(quiet)}`);
  }
  return fail(
    `${failedText}. The server logged ${lineCount(lines.length)} without a warning or error: ${excerpt(quiet)}`,
    sent(call),
    ...lines.slice(0, 2).map(wrote),
  );
}
