import type { BadInputHistory, BadLine } from '../../../evidence/lab/bad-input.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { joined } from '../../../text/counts.ts';
import { seconds } from '../../../text/durations.ts';
import { leakIn } from '../../../text/leaks.ts';
import { quoted } from '../../../text/printable.ts';
import { succeeded, tookMs } from '../../reading/lab/calls.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { linePurposes } from '../../reading/lab/responses.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Source, worst } from '../../row.ts';
import { judgeUnlimited, names, noTools } from './tool-calls.ts';

/** Judges what the lab wrote to a server over stdio, beside the official client. */

const moment = momentsOf('bad-input');
const notSent = (line: string): string => `The lab did not send ${line}: the server had ended.`;
const badLine = linePurposes.unreadable;

export function judgeUnknownMethod(history: BadInputHistory): Judgement {
  const line = history.lines.find(({ purpose }) => purpose === 'unknown-method');
  if (line === undefined) return inconclusive(notSent('an unknown method'));
  const { answer } = line;
  if (answer.kind === 'none') return judgeUnanswered(history, line, 'an unknown method');
  const finding = `The server answered an unknown method with ${answerText(line)}.`;
  return answer.kind === 'error' && answer.code === -32601
    ? pass(finding, ...sourcesOf(line))
    : fail(`${finding} Expected: JSON-RPC error -32601.`, ...sourcesOf(line));
}

export function judgeForbiddenArguments(history: BadInputHistory, { baseline }: LabEvidence): Judgement {
  const lines = history.lines.filter(({ purpose }) => purpose === 'bad-arguments');
  if (lines.length > 0) return worst(lines.map((line) => judgeForbidden(history, line, baseline.calls)));
  const { connection, tool } = baseline;
  if (connection?.tools.length === 0) return notApplicable(noTools);
  if (history.lines.some(isOver)) return inconclusive(notSent('bad arguments'));
  return tool?.chosen
    ? judgeUnlimited(tool.name, connection?.tools.length)
    : inconclusive('The lab can call no tool. Name one in "tool", with arguments that it accepts.');
}

function judgeForbidden(
  history: BadInputHistory,
  line: BadLine,
  calls: LabEvidence['baseline']['calls'],
): Judgement {
  const { answer, defect } = line;
  const argument = defect?.argument ?? '';
  const call =
    defect?.how === 'missing' ? `a call without "${argument}"` : `a call with "${argument}" of another type`;
  if (answer.kind === 'none') return judgeUnanswered(history, line, call);
  const answered = `The server answered ${call} with`;
  if (answer.kind === 'result' && !answer.isError) {
    return fail(`${answered} a result, although the tool’s schema forbids this.`, ...sourcesOf(line));
  }
  const leak = leakOf(line);
  if (leak !== undefined) return fail(`${answered} an error that contains ${leak}.`, ...sourcesOf(line));
  if (names(answer.text, argument)) {
    return pass(`${answered} an error that names it: ${quoted(answer.text)}.`, ...sourcesOf(line));
  }
  const unnamed = `${answered} an error that does not name it: ${quoted(answer.text)}.`;
  return calls.some(succeeded)
    ? fail(unnamed, ...sourcesOf(line))
    : inconclusive(
        `${unnamed} But no valid call succeeded either. Name arguments that the tool accepts in "tool".`,
      );
}

export function judgeUnreadableLine(history: BadInputHistory): Judgement {
  const [before, unreadable, after] = (['before', 'unreadable', 'after'] as const).map((purpose) =>
    history.lines.find((line) => line.purpose === purpose),
  );
  if (unreadable === undefined || before === undefined) {
    return inconclusive(notSent(badLine));
  }
  if (before.answer.kind === 'none') {
    return inconclusive(
      'The reason is unknown: the server did not answer the valid request before it either.',
    );
  }
  const last = after ?? unreadable;
  const { answer } = unreadable;
  const sources = [...sourcesOf(unreadable), ...sourcesOf(last)];
  if (last.answer.kind !== 'none') {
    const response =
      answer.kind === 'error'
        ? `answered ${badLine} with JSON-RPC error ${answer.code}`
        : `ignored ${badLine}`;
    return pass(`The server ${response}. It answered the next request.`, ...sources);
  }
  if (last.answer.over) return fail(`After ${badLine}, ${endText(history)}.`, ...sources);
  const waitedMs = tookMs(last);
  const usualMs = tookMs(before);
  const finding = `After ${badLine}, the server did not answer a request within ${seconds(waitedMs)}. Before it, the same request took ${usualMs} ms.`;
  return usualMs < waitedMs / 3
    ? fail(finding, ...sources)
    : inconclusive(`${finding} Whether the line is the cause is unknown.`);
}

function leakOf({ line, answer, canaries = [] }: BadLine): string | undefined {
  if (canaries.length > 0) return `the value of ${joined(canaries)}`;
  return answer.kind === 'none' ? undefined : leakIn(answer.text, line)?.text;
}

/** Every request must get a response (JSON-RPC 2.0, section 4). */
function judgeUnanswered(history: BadInputHistory, line: BadLine, request: string): Judgement {
  if (isOver(line)) return fail(`After ${request}, ${endText(history)}.`, ...sourcesOf(line));
  const finding = `The server did not answer ${request} within ${seconds(tookMs(line))}.`;
  const later = history.lines.find(({ sentMs, answer }) => sentMs >= line.endedMs && answer.kind !== 'none');
  return later === undefined
    ? inconclusive(`${finding} It answered no later request either. See the server’s log.`)
    : fail(`${finding} It answered a later request.`, ...sourcesOf(line), ...sourcesOf(later));
}

const isOver = ({ answer }: BadLine): boolean => answer.kind === 'none' && answer.over;

const endText = ({ launch: { exit } }: BadInputHistory): string =>
  exit === null ? 'the server closed its stdout' : `the server ended ${howItEnded(exit)}`;

function answerText({ answer }: BadLine): string {
  if (answer.kind === 'none') return 'nothing';
  if (answer.kind === 'error') return `JSON-RPC error ${answer.code}`;
  return answer.isError ? 'a tool error' : 'a result';
}

const sourcesOf = (line: BadLine): Source[] => [
  moment(line.sentMs, `the lab sent ${linePurposes[line.purpose]}`),
  moment(line.endedMs, `the server answered with ${answerText(line)}`),
];
