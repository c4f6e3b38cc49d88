import { type Profile, profiles } from '../checklist/checklist.ts';
import type { Row } from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { evaluate, type RowResult } from './evaluate.ts';
import { type Selection, select } from './selection.ts';

export interface Assessment {
  profile: Profile;
  rows: RowResult[];
  /** Rows of the profile that were left out on request. Score and coverage count the others. */
  leftOut: Row[];
  /** 0 to 100 over the assessed rows, rounded down; null when none was assessed. */
  score: number | null;
  /** Every required row of the profile passes or is partial; none is unknown or left out. */
  ready: boolean;
  coverage: Coverage;
}

/** How many of the applicable rows were assessed: the base of a score. */
export interface Coverage {
  assessed: number;
  total: number;
}

/** Judges the rows of a profile by the evidence, and scores them. */
export function assess(profile: Profile, evidence: Evidence, selection: Selection = {}): Assessment {
  const { chosen, leftOut } = select(profiles[profile], selection);
  const rows = chosen.map((row) => evaluate(row, evidence));
  const applicable = rows.filter(({ verdict }) => verdict !== 'not-applicable');
  const assessed = applicable.filter(({ verdict }) => verdict !== 'unknown');
  const earned = sum(assessed.map(({ points }) => points.earned));
  const possible = sum(assessed.map(({ points }) => points.possible));
  return {
    profile,
    rows,
    leftOut,
    score: possible > 0 ? Math.floor((100 * earned) / possible) : null,
    ready:
      leftOut.every(({ level }) => level !== 'required') &&
      applicable
        .filter(({ row }) => row.level === 'required')
        .every(({ verdict }) => verdict === 'pass' || verdict === 'partial'),
    coverage: { assessed: assessed.length, total: applicable.length },
  };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
