import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import { lacks } from '../../reading/lab/log-lines.ts';
import { lineCount, logStreams, servedLines, shown, writtenLines, wrote } from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { keyOf, linesOfForgery } from './forged-lines.ts';

/** Judges whether every line while serving is one JSON object with time, level and message. */
export function judgeServedLines(history: LoggingHistory): Judgement {
  const forged = linesOfForgery(history);
  const lines = servedLines(history).filter((line) => !forged.has(keyOf(line)));
  if (lines.length === 0) {
    return inconclusive(
      `It wrote nothing to ${logStreams(history)} while it served ${history.calls.length} calls.`,
    );
  }
  const wrong = lines.flatMap((line) => {
    const lack = lacks(line.read);
    return lack === undefined ? [] : [{ line, lack }];
  });
  const [first] = wrong;
  if (first !== undefined) {
    const lackings = [...new Set(wrong.map(({ lack }) => lack))].join('; ');
    return fail(
      `${wrong.length} of ${lineCount(lines.length)} while serving cannot be read by a machine (${lackings}): ${shown(first.line)}`,
      ...wrong.slice(0, 3).map(({ line }) => wrote(line)),
    );
  }
  const start = writtenLines(history).filter(
    ({ atMs, read }) => atMs < history.servingMs && lacks(read) !== undefined,
  );
  const [banner] = start;
  const before =
    banner === undefined
      ? ''
      : ` Before that it wrote ${lineCount(start.length)} of another kind: ${shown(banner)}`;
  return pass(
    `${lines.length === 1 ? 'The 1 line' : `All ${lines.length} lines`} while serving ${history.calls.length} calls are JSON objects with time, level and message.${before}`,
  );
}
