import type { Level } from '../checklist/row.ts';
import { type Baseline, type Comparison, compare } from './baseline.ts';
import type { RowResult } from './evaluate.ts';
import type { Assessment } from './score.ts';

/** What a pipeline asks of an audit. What is not given is not asked. */
export interface Gate {
  /** 0 to 100. */
  minScore?: number | undefined;
  /** Percent of the applicable rows that have to be assessed. */
  minCoverage?: number | undefined;
  /** Row ids that have to pass, wholly or in part. */
  require?: readonly string[] | undefined;
  /** Fails when a row of this level fails: `recommended` means any row, `required` the required ones. */
  failOn?: Level | undefined;
  /**
   * Failures that are known. They do not break `require` and `failOn`; any other failed criterion breaks the gate (of the
   * rows that `failOn` means, where it is given), and so does an entry that is not true any more.
   */
  baseline?: Baseline | undefined;
}

export interface GateResult {
  passed: boolean;
  /** Why it was not met, a sentence each. */
  reasons: string[];
}

/** Holds an assessment against a gate. Null when nothing was asked. What is unknown never meets a demand. */
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
      ? `No row could be assessed, and a score of ${minScore} is asked for.`
      : `The score is ${score} on ${coverage.assessed} of ${coverage.total} rows, and ${minScore} is asked for.`,
  ];
}

function coverageReasons({ minCoverage }: Gate, { coverage: { assessed, total } }: Assessment): string[] {
  // As many as asked for of no rows at all are none.
  const percent = total === 0 ? 0 : (100 * assessed) / total;
  if (minCoverage === undefined || percent >= minCoverage) return [];
  return [
    `${assessed} of ${total} rows could be assessed (${Math.floor(percent)} %), and ${minCoverage} % is asked for.`,
  ];
}

function requireReasons({ require = [] }: Gate, { rows }: Assessment, comparison: Comparison): string[] {
  return [...new Set(require)].flatMap((id) => {
    const result = rows.find(({ row }) => row.id === id);
    return result && !isMet(result) && !isForgiven(result, comparison)
      ? [`${id} is required and its verdict is ${result.verdict}.`]
      : [];
  });
}

function failOnReasons({ failOn }: Gate, { rows }: Assessment): string[] {
  if (failOn === undefined) return [];
  return rows
    .filter(({ row, verdict }) => verdict === 'fail' && isMeant(failOn, row.level))
    .map(({ row }) => `${row.id} (${row.level}) failed.`);
}

function baselineReasons({ failOn }: Gate, { rows }: Assessment, comparison: Comparison): string[] {
  const meant = new Set(
    rows.filter(({ row }) => isMeant(failOn ?? 'recommended', row.level)).map(({ row }) => row.id),
  );
  return [
    ...comparison.failures
      .filter(({ row, known }) => !known && meant.has(row))
      .map(({ row, criterion }) => `New failure: ${row}, ${criterion.id}. ${criterion.finding}`),
    ...comparison.stale.map(
      ({ entry, why }) =>
        `The baseline is out of date: ${entry.row}, ${entry.criterion}: ${why}. Take the entry out.`,
    ),
  ];
}

const isMeant = (failOn: Level, level: Level): boolean => failOn === 'recommended' || level === 'required';

const isMet = ({ verdict }: RowResult): boolean => ['pass', 'partial', 'not-applicable'].includes(verdict);

/** The row failed, and all that failed in it is known. */
const isForgiven = ({ row, verdict }: RowResult, { failures }: Comparison): boolean =>
  verdict === 'fail' && failures.filter((failure) => failure.row === row.id).every(({ known }) => known);
