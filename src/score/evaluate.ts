import { weights } from '../checklist/checklist.ts';
import type { CriterionVerdict, Row } from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type Proof, proofs } from '../evidence/proof.ts';
import { type CriterionResult, isAssessed, judge } from './criterion.ts';

export type RowVerdict = 'pass' | 'partial' | 'fail' | 'unknown' | 'not-applicable';

export interface RowResult {
  row: Row;
  verdict: RowVerdict;
  /** The strongest evidence among the criteria that made the verdict. */
  proof: Proof | null;
  points: { earned: number; possible: number };
  /** In the order of the row. */
  criteria: CriterionResult[];
  /** The criterion that says most about the verdict, by its id: reports show it first. */
  headline: string;
  /** Where weaker evidence disagrees with the evidence that decided. */
  contradictions: string[];
}

/** Judges one row by all evidence. Pure: the same evidence always gives the same result. */
export function evaluate(row: Row, evidence: Evidence): RowResult {
  const judged = row.criteria.map((criterion) => judge(criterion, row, evidence));
  const criteria = judged.map(({ result }) => result);
  const core = criteria.filter(({ kind }) => kind === 'core');
  const supporting = new Set(row.criteria.filter((criterion) => criterion.supporting).map(({ id }) => id));
  const carrying = core.filter(({ id }) => !supporting.has(id));
  const verdict = rowVerdict(criteria, core, carrying);
  const proof = rowProof(verdict, carrying, core);
  return {
    row,
    verdict,
    proof,
    points: points(verdict, criteria, weights[row.level]),
    criteria,
    headline: headlineOf(row, { verdict, proof }, core, carrying),
    contradictions: judged.flatMap(({ contradictions }) => contradictions),
  };
}

/**
 * The row's own headline where it explains the verdict. Otherwise, for a failed row, the first failed core criterion. For
 * any other row, the first explaining criterion that can carry it, by the evidence that decided.
 */
function headlineOf(
  { headline }: Row,
  { verdict, proof }: Pick<RowResult, 'verdict' | 'proof'>,
  core: CriterionResult[],
  carrying: CriterionResult[],
): string {
  const explains = (criterion: CriterionResult) => criterion.verdict === explaining[verdict];
  const found =
    core.find((criterion) => criterion.id === headline && explains(criterion)) ??
    (verdict === 'fail'
      ? core.find(explains)
      : carrying.find((criterion) => criterion.proof === proof && explains(criterion)));
  return found?.id ?? headline;
}

/** The verdict of a core criterion that explains the row's. */
const explaining: Record<RowVerdict, CriterionVerdict> = {
  pass: 'pass',
  partial: 'pass',
  fail: 'fail',
  unknown: 'inconclusive',
  'not-applicable': 'not-applicable',
};

/** The criteria as a reader needs them: the headline first. */
export const headlineFirst = ({ criteria, headline }: RowResult): CriterionResult[] => [
  ...criteria.filter(({ id }) => id === headline),
  ...criteria.filter(({ id }) => id !== headline),
];

function rowVerdict(
  criteria: CriterionResult[],
  core: CriterionResult[],
  carrying: CriterionResult[],
): RowVerdict {
  if (core.some(({ verdict }) => verdict === 'fail')) return 'fail';
  if (!carrying.some(({ verdict }) => verdict === 'pass')) {
    return carrying.every(({ verdict }) => verdict === 'not-applicable') ? 'not-applicable' : 'unknown';
  }
  const extras = criteria.filter(({ kind }) => kind === 'extra');
  return extras.some(({ verdict }) => verdict === 'fail') ? 'partial' : 'pass';
}

/** `partial` earns 60 % for its core and the rest by the share of extras that passed. */
function points(verdict: RowVerdict, criteria: CriterionResult[], possible: number) {
  if (verdict === 'pass') return { earned: possible, possible };
  if (verdict !== 'partial') return { earned: 0, possible };
  const extras = criteria.filter((criterion) => criterion.kind === 'extra' && isAssessed(criterion.verdict));
  const passed = extras.filter((criterion) => criterion.verdict === 'pass').length;
  return { earned: (possible * (6 * extras.length + 4 * passed)) / (10 * extras.length), possible };
}

/** The strongest evidence among the criteria that made the verdict: the failures, or else what carried the pass. */
function rowProof(verdict: RowVerdict, carrying: CriterionResult[], core: CriterionResult[]): Proof | null {
  const deciding =
    verdict === 'fail'
      ? core.filter((criterion) => criterion.verdict === 'fail')
      : carrying.filter((criterion) => criterion.verdict === 'pass');
  return proofs.filter((proof) => deciding.some((criterion) => criterion.proof === proof)).at(-1) ?? null;
}
