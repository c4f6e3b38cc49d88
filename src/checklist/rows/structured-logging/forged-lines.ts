import type { Forgery, LoggedCall, LoggingHistory } from '../../../evidence/lab/logging.ts';
import { forgeryOf, leastMarker, linesOf, type WrittenLine } from '../../reading/lab/logging.ts';

/** One call whose argument held a forged line, and its log lines. */
export interface Attempt extends Forgery {
  call: LoggedCall;
  /** Lines that only the argument can have made. */
  forged: WrittenLine[];
  /** JSON lines that the argument broke. */
  broken: WrittenLine[];
  /** All others. */
  intact: WrittenLine[];
}

/** A forged line that is cut must keep this many characters to be recognised. */
const leastCharacters = 20;

/** The calls with a forged line, in the order of sending. */
export function attemptsIn(history: LoggingHistory): Attempt[] {
  const { calls } = history;
  // Where plain calls leave fragments as well, no argument broke the log.
  const usual = calls.some((one) => one.purpose === 'plain' && linesOfCall(history, one).some(isFragment));
  return calls.flatMap((call) => {
    const forgery = forgeryOf(history, call);
    if (forgery === undefined) return [];
    const lines = linesOfCall(history, call).sort((left, right) => left.atMs - right.atMs);
    const forged = lines.filter((line) => isForged(line, forgery));
    const broken = usual ? [] : lines.filter((line) => !forged.includes(line) && isFragment(line));
    const intact = lines.filter((line) => !forged.includes(line) && !broken.includes(line));
    return [{ ...forgery, call, forged, broken, intact }];
  });
}

function isForged({ text, read }: WrittenLine, { line, marker }: Forgery): boolean {
  const forgedLine = line.toLowerCase();
  if (forgedLine.length < leastMarker) return false;
  const written = text.trim().toLowerCase();
  return (
    read.message?.toLowerCase() === marker.toLowerCase() ||
    written.startsWith(forgedLine) ||
    (written.length >= leastCharacters && forgedLine.startsWith(written))
  );
}

/** The lines of a call, also those that do not name it. */
export function linesOfCall(history: LoggingHistory, call: LoggedCall): WrittenLine[] {
  const { own, near } = linesOf(history, call);
  return [...own, ...near];
}

/** The keys of lines that forging arguments damaged: they do not show how the server logs otherwise. */
export function linesOfForgery(history: LoggingHistory): Set<string> {
  const damaged = attemptsIn(history).flatMap(({ forged, broken, intact }) => {
    if (forged.length + broken.length === 0) return [];
    return [...forged, ...broken, ...intact.filter(({ read }) => read.form === 'text')];
  });
  return new Set(damaged.map(keyOf));
}

export const keyOf = ({ atMs, text }: WrittenLine): string => `${atMs} ${text}`;

/** A line of text that begins like a JSON object. */
function isFragment({ text, read }: WrittenLine): boolean {
  return read.form === 'text' && text.trimStart().startsWith('{');
}
