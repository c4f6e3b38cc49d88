import type { Row } from '../checklist/row.ts';

/** The rows of a profile to judge: those of `only`, or all, without those of `skip`. */
export interface Selection {
  only?: readonly string[];
  skip?: readonly string[];
}

/** The rows of a profile, split into those to judge and those that the selection leaves out. */
export function select(
  rows: readonly Row[],
  { only, skip = [] }: Selection,
): { chosen: Row[]; leftOut: Row[] } {
  const isChosen = ({ id }: Row) => (only?.includes(id) ?? true) && !skip.includes(id);
  return { chosen: rows.filter(isChosen), leftOut: rows.filter((row) => !isChosen(row)) };
}
