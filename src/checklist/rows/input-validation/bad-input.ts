import type { BadInputHistory, BadLine } from '../../../evidence/lab/bad-input.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { seconds } from '../../../text/durations.ts';
import { quoted } from '../../../text/printable.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass, type Source, worst } from '../../row.ts';
import { leakIn } from './leaks.ts';
import { names } from './tool-calls.ts';

/** Over stdio: a line each, written beside the official client. */

const moment = momentsOf('bad-input');
const notSent = 'It was not sent, because the server was over by then.';

export function judgeUnknownMethod(history: BadInputHistory): Judgement {
  const line = history.lines.find(({ purpose }) => purpose === 'unknown-method');
  if (line === undefined) return inconclusive(`An unknown method: ${notSent}`);
  const { answer } = line;
  if (answer.kind === 'none') return judgeUnanswered(history, line, 'A request with an unknown method');
  const finding = `A request with an unknown method was answered with ${answerText(line)}.`;
  return answer.kind === 'error' && answer.code === -32601
    ? pass(finding, ...sourcesOf(line))
    : fail(finding, ...sourcesOf(line));
}

export function judgeForbiddenArguments(history: BadInputHistory, { baseline }: LabEvidence): Judgement {
  const lines = history.lines.filter(({ purpose }) => purpose === 'bad-arguments');
  if (lines.length > 0) return worst(lines.map((line) => judgeForbidden(history, line, baseline.calls)));
  if (history.lines.some(isOver)) return inconclusive(`Bad arguments: ${notSent}`);
  return inconclusive(
    baseline.tool?.chosen
      ? `The schema of ${baseline.tool.name} requires no argument and names no type, so none can be bad.`
      : 'No tool can be called. Name one in "tool", with arguments that it accepts.',
  );
}

function judgeForbidden(
  history: BadInputHistory,
  line: BadLine,
  calls: LabEvidence['baseline']['calls'],
): Judgement {
  const { answer, defect } = line;
  const argument = defect?.argument ?? '';
  const what =
    defect?.how === 'missing' ? `A call without "${argument}"` : `A call with "${argument}" of another type`;
  if (answer.kind === 'none') return judgeUnanswered(history, line, what);
  if (answer.kind === 'result' && !answer.isError) {
    return fail(
      `${what} was answered like a good one, although the tool's own schema forbids it.`,
      ...sourcesOf(line),
    );
  }
  const leak = leakOf(line);
  if (leak !== undefined) return fail(`${what}: the error holds ${leak}.`, ...sourcesOf(line));
  if (names(answer.text, argument)) {
    return pass(`${what} got an error that names it: ${quoted(answer.text)}.`, ...sourcesOf(line));
  }
  return calls.some(({ outcome }) => outcome.kind === 'result' && !outcome.isError)
    ? fail(`${what} got an error that does not name it: ${quoted(answer.text)}.`, ...sourcesOf(line))
    : inconclusive(
        `${what}: ${quoted(answer.text)}; but no good call had a result either. Name arguments that it accepts in "tool".`,
      );
}

export function judgeUnreadableLine(history: BadInputHistory): Judgement {
  const [before, unreadable, after] = (['before', 'unreadable', 'after'] as const).map((purpose) =>
    history.lines.find((line) => line.purpose === purpose),
  );
  if (unreadable === undefined || before === undefined) {
    return inconclusive(`A line that is no JSON: ${notSent}`);
  }
  if (before.answer.kind === 'none') {
    return inconclusive('An honest request was not answered either, before anything bad was written.');
  }
  const last = after ?? unreadable;
  const { answer } = unreadable;
  const how = answer.kind === 'error' ? `answered with JSON-RPC error ${answer.code}` : 'ignored';
  const sources = [...sourcesOf(unreadable), ...sourcesOf(last)];
  if (last.answer.kind !== 'none') {
    return pass(`A line that is no JSON was ${how}, and the next request was answered.`, ...sources);
  }
  if (last.answer.over) return fail(`After a line that is no JSON ${endText(history)}.`, ...sources);
  const waitedMs = last.endedMs - last.sentMs;
  const usualMs = before.endedMs - before.sentMs;
  return usualMs < waitedMs / 3
    ? fail(
        `After a line that is no JSON, a request got no answer within ${seconds(waitedMs)}; before it, the same took ${usualMs} ms.`,
        ...sources,
      )
    : inconclusive(
        `After a line that is no JSON, a request got no answer within ${seconds(waitedMs)}, but it answers slowly.`,
      );
}

/** What its errors give away. A key, too, is one thing that they may. */
export function judgeToldInErrors({ lines }: BadInputHistory): Judgement {
  const errors = lines.filter(
    ({ answer }) => answer.kind === 'error' || (answer.kind === 'result' && answer.isError),
  );
  for (const line of errors) {
    const leak = leakOf(line);
    if (leak !== undefined) {
      return fail(
        `The answer to ${purposes[line.purpose]} (${answerText(line)}) holds ${leak}.`,
        ...sourcesOf(line),
      );
    }
  }
  return errors.length > 0
    ? pass(
        `${errors.length} errors were read; none holds a stack trace, a path or a key.`,
        ...errors.flatMap(sourcesOf),
      )
    : inconclusive('No error was answered.');
}

const purposes: Record<BadLine['purpose'], string> = {
  before: 'an honest request',
  'unknown-method': 'an unknown method',
  'bad-arguments': 'forbidden arguments',
  unreadable: 'a line that is no JSON',
  after: 'an honest request',
};

function leakOf({ answer, canaries = [] }: BadLine): string | undefined {
  if (canaries.length > 0) return `the value of ${canaries.join(' and ')}`;
  return answer.kind === 'none' ? undefined : leakIn(answer.text);
}

/** Every request is owed an answer (JSON-RPC 2.0, 4). */
function judgeUnanswered(history: BadInputHistory, line: BadLine, what: string): Judgement {
  if (isOver(line)) return fail(`${what} got no answer: ${endText(history)}.`, ...sourcesOf(line));
  const waited = seconds(line.endedMs - line.sentMs);
  const later = history.lines.find(({ sentMs, answer }) => sentMs >= line.endedMs && answer.kind !== 'none');
  return later === undefined
    ? inconclusive(`${what} got no answer within ${waited}, and neither did what came after it.`)
    : fail(
        `${what} got no answer within ${waited}, while the next that came was answered.`,
        ...sourcesOf(line),
        ...sourcesOf(later),
      );
}

const isOver = ({ answer }: BadLine): boolean => answer.kind === 'none' && answer.over;

const endText = ({ launch: { exit } }: BadInputHistory): string =>
  exit === null ? 'its standard output ended' : `it ended ${howItEnded(exit)}`;

function answerText({ answer }: BadLine): string {
  if (answer.kind === 'none') return 'nothing';
  if (answer.kind === 'error') return `JSON-RPC error ${answer.code}`;
  return answer.isError ? 'an error of the tool' : 'a result';
}

const sourcesOf = (line: BadLine): Source[] => [
  moment(line.sentMs, `sent: ${purposes[line.purpose]}`),
  moment(line.endedMs, `answered with ${answerText(line)}`),
];
