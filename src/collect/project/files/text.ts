/** How much of one value is recorded, in UTF-16 code units. */
export const valueLimit = 500;

/** The beginning of a text, marked with "…" when something was left off. */
export function bounded(text: string, limit = valueLimit): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** A text for one line of a notice: control characters, which could move a terminal's cursor, become spaces. */
export function oneLine(text: string, limit = 200): string {
  // Twice the limit is enough to fill it and keeps hostile megabytes away from the pattern.
  const visible = text.slice(0, limit * 2).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return bounded(visible.trim(), limit);
}

/** Names for a notice: the first few, and how many more there are. */
export function someOf(names: readonly string[], shown = 5): string {
  const first = names.slice(0, shown).map((name) => oneLine(name));
  const more = names.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}

/** The message of whatever was thrown, on one line. */
export function reasonOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

/**
 * Tells on which line of a text, from 1, a character stands. Line starts are looked for once for each text, and not before
 * somebody asks.
 */
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
