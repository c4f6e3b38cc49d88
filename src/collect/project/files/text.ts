import { someOf } from '../../../text/counts.ts';
import { cut, singleLine } from '../../../text/printable.ts';

/** UTF-16 code units of one recorded value. */
const valueLimit = 500;

/** The beginning of a value, as it is recorded. */
export const bounded = (text: string, limit = valueLimit): string => cut(text, limit);

/** Names for a notice: the first few, and how many more there are. */
export const namesOf = (names: readonly string[]): string => someOf(names.map((name) => singleLine(name)));

/** The message of a thrown error, on one line. */
export const reasonOf = (error: unknown): string =>
  singleLine(error instanceof Error ? error.message : String(error), 200);

/** `NAME=value` in two; the value is undefined without a `=`. */
export function splitAssignment(text: string): { name: string; value: string | undefined } {
  const split = text.indexOf('=');
  return split === -1
    ? { name: text, value: undefined }
    : { name: text.slice(0, split), value: text.slice(split + 1) };
}

/** @returns a function from an index in the text to its line, from 1. The first call indexes the lines. */
export function lineFinder(text: string): (index: number) => number {
  let starts: number[] | undefined;
  return (index) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
