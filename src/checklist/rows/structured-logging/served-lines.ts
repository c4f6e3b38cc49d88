import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import { missingFields } from '../../reading/lab/log-lines.ts';
import {
  excerpt,
  lineCount,
  logStreams,
  servedLines,
  writtenLines,
  wrote,
} from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { keyOf, linesOfForgery } from './forged-lines.ts';

/** Judges whether every line while serving is one JSON object with time, level and message. */
export function judgeServedLines(history: LoggingHistory): Judgement {
  const forged = linesOfForgery(history);
  const lines = servedLines(history).filter((line) => !forged.has(keyOf(line)));
  if (lines.length === 0) {
    return inconclusive(
      `The server wrote nothing to ${logStreams(history)} during ${history.calls.length} calls.`,
    );
  }
  const incomplete = lines.flatMap((line) => {
    const lack = missingFields(line.read);
    return lack === undefined ? [] : [{ line, lack }];
  });
  const [first] = incomplete;
  if (first !== undefined) {
    const defects = [...new Set(incomplete.map(({ lack }) => lack))].join('; ');
    return fail(
      `${incomplete.length} of ${lineCount(lines.length)} written while serving ${incomplete.length === 1 ? 'is not a complete log entry' : 'are not complete log entries'} (${defects}): ${excerpt(first.line)}`,
      ...incomplete.slice(0, 3).map(({ line }) => wrote(line)),
    );
  }
  const start = writtenLines(history).filter(
    ({ atMs, read }) => atMs < history.servingMs && missingFields(read),
  );
  const [banner] = start;
  const before =
    banner && ` At start it wrote ${lineCount(start.length)} in another form: ${excerpt(banner)}`;
  return pass(
    `While serving ${history.calls.length} calls, the server wrote ${lineCount(lines.length)}. Each is a JSON object with time, level and message.${before ?? ''}`,
  );
}
