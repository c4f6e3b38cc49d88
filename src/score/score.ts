import { type Profile, profiles } from '../checklist/checklist.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { evaluate, type RowResult } from './evaluate.ts';

export interface Assessment {
  profile: Profile;
  rows: RowResult[];
  /** 0 to 100 over the assessed rows, rounded down; null when none was assessed. */
  score: number | null;
  /** Every required row passes, wholly or in part, and none is unknown. */
  ready: boolean;
  coverage: Coverage;
}

/** A score says little without it: how many of the rows that apply were assessed. */
export interface Coverage {
  assessed: number;
  total: number;
}

/** Judges every row of a profile by the evidence, and counts. */
export function assess(profile: Profile, evidence: Evidence): Assessment {
  const rows = profiles[profile].map((row) => evaluate(row, evidence));
  const applicable = rows.filter(({ verdict }) => verdict !== 'not-applicable');
  const assessed = applicable.filter(({ verdict }) => verdict !== 'unknown');
  const earned = sum(assessed.map(({ points }) => points.earned));
  const possible = sum(assessed.map(({ points }) => points.possible));
  return {
    profile,
    rows,
    score: possible > 0 ? Math.floor((100 * earned) / possible) : null,
    ready: applicable
      .filter(({ row }) => row.level === 'required')
      .every(({ verdict }) => verdict === 'pass' || verdict === 'partial'),
    coverage: { assessed: assessed.length, total: applicable.length },
  };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
