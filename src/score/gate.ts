import type { Level } from '../checklist/row.ts';
import { type Baseline, type Comparison, compare } from './baseline.ts';
import { isShown, type RowResult } from './evaluate.ts';
import type { Assessment } from './score.ts';

/** What a pipeline demands of an audit. */
export interface Gate {
  /** 0 to 100. */
  minScore?: number | undefined;
  /** Percent of the possible points that must be assessed. */
  minCoverage?: number | undefined;
  /** Ids of rows that must pass, or be partial by their extras alone. */
  require?: readonly string[] | undefined;
  /** Fails when a row of this level fails: `recommended` means any row, `required` the required ones. */
  failOn?: Level | undefined;
  /**
   * Known failures do not break `require` and `failOn`. Any other failed criterion breaks the gate (with `failOn`: in rows
   * of that level), and so does a stale entry.
   */
  baseline?: Baseline | undefined;
}

export interface GateResult {
  passed: boolean;
  /** Why the gate was not met, a sentence each. */
  reasons: string[];
}

/** Compares an assessment with a gate. Null without a demand. An unknown row never meets a demand. */
export function judgeGate(gate: Gate, assessment: Assessment): GateResult | null {
  const { minScore, minCoverage, require, failOn, baseline } = gate;
  if ([minScore, minCoverage, failOn, baseline].every((part) => part === undefined) && !require?.length) {
    return null;
  }
  const comparison = compare(assessment, baseline ?? null);
  const reasons = [
    ...scoreReasons(gate, assessment),
    ...coverageReasons(gate, assessment),
    ...requireReasons(gate, assessment, comparison),
    ...(baseline ? baselineReasons(gate, assessment, comparison) : failOnReasons(gate, assessment)),
  ];
  return { passed: reasons.length === 0, reasons };
}

function scoreReasons({ minScore }: Gate, { score, coverage }: Assessment): string[] {
  if (minScore === undefined || (score !== null && score >= minScore)) return [];
  return [
    score === null
      ? `No row could be assessed; the gate requires a score of ${minScore}.`
      : `The score is ${score}, with ${coverage} % of the points assessed; the gate requires ${minScore}.`,
  ];
}

function coverageReasons({ minCoverage }: Gate, { coverage }: Assessment): string[] {
  if (minCoverage === undefined || coverage >= minCoverage) return [];
  return [`${coverage} % of the points could be assessed; the gate requires ${minCoverage} %.`];
}

function requireReasons({ require = [] }: Gate, { rows }: Assessment, comparison: Comparison): string[] {
  return [...new Set(require)].flatMap((id) => {
    const result = rows.find(({ row }) => row.id === id);
    return result && !isMet(result) && !isForgiven(result, comparison)
      ? [`The gate requires ${id} to pass; its verdict is ${verdictText(result)}.`]
      : [];
  });
}

function failOnReasons({ failOn }: Gate, { rows }: Assessment): string[] {
  if (failOn === undefined) return [];
  return rows
    .filter(({ row, verdict }) => verdict === 'fail' && isIncluded(failOn, row.level))
    .map(({ row }) => `${row.id} (${row.level}) failed.`);
}

function baselineReasons({ failOn }: Gate, { rows }: Assessment, comparison: Comparison): string[] {
  const included = new Set(
    rows.filter(({ row }) => isIncluded(failOn ?? 'recommended', row.level)).map(({ row }) => row.id),
  );
  return [
    ...comparison.failures
      .filter(({ row, known }) => !known && included.has(row))
      .map(({ row, criterion }) => `New failure: ${row}, ${criterion.id}. ${criterion.finding}`),
    ...comparison.stale.map(
      ({ entry, why }) =>
        `The baseline entry ${entry.row}, ${entry.criterion} is out of date: ${why}. Remove it.`,
    ),
  ];
}

const isIncluded = (failOn: Level, level: Level): boolean => failOn === 'recommended' || level === 'required';

const isMet = (result: RowResult): boolean => isShown(result) || result.verdict === 'not-applicable';

const verdictText = ({ verdict, seen }: RowResult): string =>
  verdict === 'partial' ? `partial: ${seen.core} of ${seen.of} core criteria were assessed` : verdict;

/** The row failed, and every failure in it is known. */
const isForgiven = ({ row, verdict }: RowResult, { failures }: Comparison): boolean =>
  verdict === 'fail' && failures.filter((failure) => failure.row === row.id).every(({ known }) => known);
