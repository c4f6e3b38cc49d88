import type { Row } from '../checklist/row.ts';

/** Which rows of a profile are judged. Without `only` all of them, but for those of `skip`. */
export interface Selection {
  only?: readonly string[];
  skip?: readonly string[];
}

/** The rows of a profile in two: those to judge, and those that were left out because somebody asked for it. */
export function select(
  rows: readonly Row[],
  { only, skip = [] }: Selection,
): { chosen: Row[]; leftOut: Row[] } {
  const isChosen = ({ id }: Row) => (only?.includes(id) ?? true) && !skip.includes(id);
  return { chosen: rows.filter(isChosen), leftOut: rows.filter((row) => !isChosen(row)) };
}
