/** Where something stands in a text. */
export interface Span {
  start: number;
  /** The index after its last character. */
  end: number;
}

const nowhere: Span = { start: Number.POSITIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/**
 * Finds what ends a thing that began, for many beginnings in one text: as a search from each of them would, but in time
 * that grows with the text and not with its square.
 *
 * @param pattern a global pattern of its own
 * @returns a function from an index to the first match at or after it, which is at infinity where there is none; the
 *   indexes may only grow
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
