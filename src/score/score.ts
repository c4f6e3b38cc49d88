import { type Profile, profiles } from '../checklist/checklist.ts';
import type { Row } from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type Earnable, earnable } from './earnable.ts';
import { evaluate, isShown, type Points, type RowResult } from './evaluate.ts';
import { type Selection, select } from './selection.ts';

export interface Assessment {
  profile: Profile;
  rows: RowResult[];
  /** Rows of the profile that were left out on request. Score and coverage count the others. */
  leftOut: Row[];
  /** Over all applicable rows. */
  points: Points;
  /** Percent of the possible points that were earned, rounded down; null when no row has a verdict. */
  score: number | null;
  /** Percent of the possible points that were earned or lost, rounded down. */
  coverage: number;
  /** Every required row of the profile passes, or is partial by its extras alone; none is left out. */
  ready: boolean;
  /** What would earn unassessed points, most points first. */
  earnable: Earnable[];
}

/** Judges the rows of a profile by the evidence, and scores them. */
export function assess(profile: Profile, evidence: Evidence, selection: Selection = {}): Assessment {
  const { chosen, leftOut } = select(profiles[profile], selection);
  const rows = chosen.map((row) => evaluate(row, evidence));
  const applicable = rows.filter(({ verdict }) => verdict !== 'not-applicable');
  const points = total(applicable);
  return {
    profile,
    rows,
    leftOut,
    points,
    score: applicable.some(({ verdict }) => verdict !== 'unknown') ? percent(points.earned, points) : null,
    coverage: percent(points.earned + points.lost, points),
    ready:
      leftOut.every(({ level }) => level !== 'required') &&
      applicable.filter(({ row }) => row.level === 'required').every(isShown),
    earnable: earnable(applicable, evidence),
  };
}

function total(rows: readonly RowResult[]): Points {
  const sum = (part: keyof Points) => rows.reduce((all, { points }) => all + points[part], 0);
  return {
    earned: sum('earned'),
    lost: sum('lost'),
    unassessed: sum('unassessed'),
    possible: sum('possible'),
  };
}

/** Thirds and sevenths do not add up exactly: what misses a whole percent by less than a billionth is that percent. */
const percent = (part: number, { possible }: Points): number =>
  possible === 0 ? 0 : Math.floor((100 * part) / possible + 1e-9);
