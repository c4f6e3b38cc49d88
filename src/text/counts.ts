/** "1 row", "2 rows" */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** "a, b and c" */
export function joined(items: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

/** Points with at most one decimal: "4", "2.5". */
export const decimal = (points: number): string => String(Math.round(points * 10) / 10);

/** "a, b, c and 4 more", each once. */
export function someOf(names: readonly string[], limit = 5): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, limit).join(', ');
  return unique.length > limit ? `${shown} and ${unique.length - limit} more` : shown;
}
