import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import {
  dropped,
  lineCount,
  linesOf,
  sent,
  shown,
  type WrittenLine,
  wrote,
} from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** What a forged argument made of the log. */
export interface Forgery {
  /** Lines that nobody wrote but the argument. */
  forged: WrittenLine[];
  /** Lines that would be JSON, and that the argument has broken. */
  broken: WrittenLine[];
  /** All of the call that are whole. */
  whole: WrittenLine[];
}

/** So much of the forged line is recognised where the rest was cut away. */
const recognised = 20;

/** The lines of the call whose argument held a quote, a newline and a forged line; null: there was none. */
export function forgeryOf(history: LoggingHistory): Forgery | null {
  const { forgery, calls } = history;
  const call = calls.find(({ purpose }) => purpose === 'forgery');
  if (forgery === null || call === undefined) return null;
  const { own, near } = linesOf(history, call);
  const lines = [...own, ...near].sort((left, right) => left.atMs - right.atMs);
  const line = forgery.line.toLowerCase();
  const isForged = ({ text, read }: WrittenLine) => {
    const told = text.trim().toLowerCase();
    return (
      read.message?.toLowerCase() === forgery.marker.toLowerCase() ||
      told.startsWith(line) ||
      (told.length >= recognised && line.startsWith(told))
    );
  };
  const others = calls.filter((other) => other !== call && other.purpose === 'plain');
  // A log that writes braces and no JSON at the best of times was not broken by this.
  const usual = others.some((other) => {
    const { own: named, near: beside } = linesOf(history, other);
    return [...named, ...beside].some(isPiece);
  });
  const forged = lines.filter(isForged);
  const broken = usual ? [] : lines.filter((one) => !isForged(one) && isPiece(one));
  return { forged, broken, whole: lines.filter((one) => !forged.includes(one) && !broken.includes(one)) };
}

/** Lines that are what they are because of the argument: they say nothing of how the log is written otherwise. */
export function linesOfForgery(history: LoggingHistory): Set<string> {
  const found = forgeryOf(history);
  if (found === null || found.forged.length + found.broken.length === 0) return new Set();
  const pieces = found.whole.filter(({ read }) => read.form === 'text');
  return new Set([...found.forged, ...found.broken, ...pieces].map(keyOf));
}

export const keyOf = ({ atMs, text }: WrittenLine): string => `${atMs} ${text}`;

/** Judges whether an argument can end its line and begin one of its own. */
export function judgeForgery(history: LoggingHistory): Judgement {
  const { forgery, calls, launch } = history;
  const call = calls.find(({ purpose }) => purpose === 'forgery');
  const found = forgeryOf(history);
  if (forgery === null || call === undefined || found === null) {
    return inconclusive(
      'The tool takes no text that could carry a forged line. Name one with a string argument in "tool".',
    );
  }
  const what = `An argument ("${forgery.argument}") with a quote, a newline and a log line of its own`;
  const [forged] = found.forged;
  if (forged !== undefined) {
    return fail(
      `${what} forged an entry: the log holds the line ${shown(forged)}`,
      sent(call),
      wrote(forged),
    );
  }
  const [broken] = found.broken;
  if (broken !== undefined) {
    return fail(
      `${what} broke the line that tells of the call: ${shown(broken)} is no JSON.`,
      sent(call),
      wrote(broken),
    );
  }
  const { whole } = found;
  if (whole.length === 0) return inconclusive('The call with a forged line as argument left no line at all.');
  if (launch.output.droppedLines > 0) return dropped(history);
  const holding = whole.filter(({ text }) => text.toLowerCase().includes(forgery.marker.toLowerCase()));
  const { outcome } = call;
  if (holding.length === 0 && (outcome.kind === 'http-error' || outcome.kind === 'no-answer')) {
    return inconclusive(
      `The call came to nothing (${outcome.message}), and its argument was not logged. Name a tool in "tool" that takes any text.`,
    );
  }
  const refused = outcome.kind === 'result' ? '' : `was refused (${outcome.message}) and `;
  const where = holding.length === 0 ? 'in none of them' : `escaped in ${holding.length} of them`;
  return pass(`${what} ${refused}left ${lineCount(whole.length)}, whole; it stands ${where}.`, sent(call));
}

/** Begins as JSON and is none. */
function isPiece({ text, read }: WrittenLine): boolean {
  return read.form === 'text' && text.trimStart().startsWith('{');
}
