import type { LoggedCall, LoggingHistory } from '../../../evidence/lab/logging.ts';
import {
  dropped,
  excerpt,
  lineCount,
  linesOf,
  sent,
  type WrittenLine,
  wrote,
} from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** The log lines of the call whose argument held a quote, a newline and a forged line. */
interface ForgeryLines {
  call: LoggedCall;
  argument: string;
  marker: string;
  /** Lines that only the argument can have made. */
  forged: WrittenLine[];
  /** JSON lines that the argument broke. */
  broken: WrittenLine[];
  /** All others. */
  intact: WrittenLine[];
}

/** A forged line that is cut must keep this many characters to be recognised. */
const leastCharacters = 20;

/** Undefined when the lab made no call with a forged line. */
function forgeryLines(history: LoggingHistory): ForgeryLines | undefined {
  const { forgery, calls } = history;
  const call = calls.find(({ purpose }) => purpose === 'forgery');
  if (forgery === null || call === undefined) return undefined;
  const lines = linesOfCall(history, call).sort((left, right) => left.atMs - right.atMs);
  const forgedLine = forgery.line.toLowerCase();
  const isForged = ({ text, read }: WrittenLine) => {
    const line = text.trim().toLowerCase();
    return (
      read.message?.toLowerCase() === forgery.marker.toLowerCase() ||
      line.startsWith(forgedLine) ||
      (line.length >= leastCharacters && forgedLine.startsWith(line))
    );
  };
  // Where plain calls leave fragments as well, this argument did not break the log.
  const usual = calls.some((one) => one.purpose === 'plain' && linesOfCall(history, one).some(isFragment));
  const forged = lines.filter(isForged);
  const broken = usual ? [] : lines.filter((line) => !isForged(line) && isFragment(line));
  const intact = lines.filter((line) => !forged.includes(line) && !broken.includes(line));
  return { call, argument: forgery.argument, marker: forgery.marker.toLowerCase(), forged, broken, intact };
}

function linesOfCall(history: LoggingHistory, call: LoggedCall): WrittenLine[] {
  const { own, near } = linesOf(history, call);
  return [...own, ...near];
}

/** The keys of lines that the forging argument damaged: they do not show how the server logs otherwise. */
export function linesOfForgery(history: LoggingHistory): Set<string> {
  const { forged, broken, intact } = forgeryLines(history) ?? { forged: [], broken: [], intact: [] };
  if (forged.length + broken.length === 0) return new Set();
  const fragments = intact.filter(({ read }) => read.form === 'text');
  return new Set([...forged, ...broken, ...fragments].map(keyOf));
}

export const keyOf = ({ atMs, text }: WrittenLine): string => `${atMs} ${text}`;

/** Judges whether an argument can end its log line and begin another. */
export function judgeForgery(history: LoggingHistory): Judgement {
  const found = forgeryLines(history);
  if (found === undefined) {
    return inconclusive('The tool takes no text. Name a tool with a string argument in "tool".');
  }
  const { call, intact, marker } = found;
  const begin = `A quote, a newline and a forged line in argument "${found.argument}"`;
  const [forged] = found.forged;
  if (forged !== undefined) {
    return fail(
      `${begin} forged an entry. The log holds this line: ${excerpt(forged)}`,
      sent(call),
      wrote(forged),
    );
  }
  const [broken] = found.broken;
  if (broken !== undefined) {
    return fail(`${begin} broke a log line. This is not JSON: ${excerpt(broken)}`, sent(call), wrote(broken));
  }
  const unknown = 'Whether an argument can forge a line is unknown.';
  if (intact.length === 0) {
    return inconclusive(`The server logged no line for a call with a forged line. ${unknown}`);
  }
  if (history.launch.output.droppedLines > 0) return dropped(history);
  const holding = intact.filter(({ text }) => text.toLowerCase().includes(marker)).length;
  const { outcome } = call;
  if (holding === 0 && (outcome.kind === 'http-error' || outcome.kind === 'no-answer')) {
    return inconclusive(
      `The call failed (${outcome.message}), and the server did not log its argument. ${unknown} Name a tool in "tool" that accepts any text.`,
    );
  }
  const refused = outcome.kind === 'result' ? '' : ` The server refused the call (${outcome.message}).`;
  const where = holding === 0 ? 'no line' : `${lineCount(holding)}, escaped`;
  return pass(
    `${begin} left ${lineCount(intact.length)} intact. The argument appears in ${where}.${refused}`,
    sent(call),
  );
}

/** A line of text that begins like a JSON object. */
function isFragment({ text, read }: WrittenLine): boolean {
  return read.form === 'text' && text.trimStart().startsWith('{');
}
