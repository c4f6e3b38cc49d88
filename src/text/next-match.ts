/** A part of a text. */
export interface Span {
  start: number;
  /** The index after its last character. */
  end: number;
}

const nowhere: Span = { start: Number.POSITIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/**
 * Finds the next match after each of many indexes in one text, in time proportional to the text.
 *
 * @param pattern a global pattern that no other search uses
 * @returns a function from an index to the first match at or after it; at infinity without a match; the indexes must not decrease
 */
export function nextMatch(text: string, pattern: RegExp): (from: number) => Span {
  let next: Span = { start: -1, end: -1 };
  return (from) => {
    if (next.start < from) {
      pattern.lastIndex = from;
      const found = pattern.exec(text);
      next = found === null ? nowhere : { start: found.index, end: pattern.lastIndex };
    }
    return next;
  };
}
