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
  points: Points;
  /** How many of the applicable core criteria were assessed. */
  seen: { core: number; of: number };
  /** In the order of the row. */
  criteria: CriterionResult[];
  /** The criterion that says most about the verdict, by its id: reports show it first. */
  headline: string;
  /** Where weaker evidence disagrees with the evidence that decided. */
  contradictions: string[];
}

/** Points of one row or of all rows: `possible` is the sum of the other three. */
export interface Points {
  earned: number;
  /** By failures. */
  lost: number;
  /** Neither earned nor lost: nothing was seen of what they stand for. */
  unassessed: number;
  possible: number;
}

/** Judges one row by all evidence. Pure: the same evidence always gives the same result. */
export function evaluate(row: Row, evidence: Evidence): RowResult {
  const judged = row.criteria.map((criterion) => judge(criterion, row, evidence));
  const contradictions = judged.flatMap((one) => one.contradictions);
  return {
    ...rowResult(
      row,
      judged.map(({ result }) => result),
    ),
    contradictions,
  };
}

/** The result of a row whose criteria were judged so. */
export function rowResult(row: Row, criteria: CriterionResult[]): Omit<RowResult, 'contradictions'> {
  const core = criteria.filter(({ kind }) => kind === 'core');
  const supporting = new Set(row.criteria.filter((criterion) => criterion.supporting).map(({ id }) => id));
  const carrying = core.filter(({ id }) => !supporting.has(id));
  const seen = seenOf(core);
  const verdict = rowVerdict(criteria, seen, carrying);
  const proof = rowProof(verdict, carrying, core);
  return {
    row,
    verdict,
    proof,
    points: pointsOf(verdict, criteria, seen, weights[row.level]),
    seen,
    criteria,
    headline: headlineOf(row, { verdict, proof }, core, carrying),
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

/** How much of what the row's title says was seen. */
function seenOf(core: CriterionResult[]): RowResult['seen'] {
  const applicable = core.filter(({ verdict }) => verdict !== 'not-applicable');
  return { core: applicable.filter(({ verdict }) => isAssessed(verdict)).length, of: applicable.length };
}

function rowVerdict(
  criteria: CriterionResult[],
  seen: RowResult['seen'],
  carrying: CriterionResult[],
): RowVerdict {
  if (criteria.some(({ kind, verdict }) => kind === 'core' && verdict === 'fail')) return 'fail';
  if (!carrying.some(({ verdict }) => verdict === 'pass')) {
    return carrying.every(({ verdict }) => verdict === 'not-applicable') ? 'not-applicable' : 'unknown';
  }
  const extraFailed = criteria.some(({ kind, verdict }) => kind === 'extra' && verdict === 'fail');
  return extraFailed || seen.core < seen.of ? 'partial' : 'pass';
}

/**
 * What was not assessed earns nothing. A partial row earns by the share of its core criteria that were seen: 60 % of that
 * for the core, and the rest by the share of assessed extras that passed.
 */
function pointsOf(
  verdict: RowVerdict,
  criteria: CriterionResult[],
  seen: RowResult['seen'],
  possible: number,
): Points {
  if (verdict === 'fail') return { earned: 0, lost: possible, unassessed: 0, possible };
  if (verdict === 'unknown') return { earned: 0, lost: 0, unassessed: possible, possible };
  if (verdict !== 'partial') return { earned: possible, lost: 0, unassessed: 0, possible };
  const assessed = (possible * seen.core) / seen.of;
  const extras = criteria.filter((criterion) => criterion.kind === 'extra' && isAssessed(criterion.verdict));
  const failed = extras.filter((criterion) => criterion.verdict === 'fail').length;
  const lost = failed === 0 ? 0 : (assessed * 4 * failed) / (10 * extras.length);
  return { earned: assessed - lost, lost, unassessed: possible - assessed, possible };
}

/** The row was shown: every applicable core criterion was seen to pass. Only extras may have failed. */
export const isShown = ({ verdict, seen }: Pick<RowResult, 'verdict' | 'seen'>): boolean =>
  verdict === 'pass' || (verdict === 'partial' && seen.core === seen.of);

/** The strongest evidence among the criteria that made the verdict: the failures, or else what carried the pass. */
function rowProof(verdict: RowVerdict, carrying: CriterionResult[], core: CriterionResult[]): Proof | null {
  const deciding =
    verdict === 'fail'
      ? core.filter((criterion) => criterion.verdict === 'fail')
      : carrying.filter((criterion) => criterion.verdict === 'pass');
  return proofs.filter((proof) => deciding.some((criterion) => criterion.proof === proof)).at(-1) ?? null;
}
