import type { Level } from '../checklist/row.ts';
import type { RowResult } from './evaluate.ts';
import type { Assessment } from './score.ts';

/** What a pipeline asks of an audit. What is not given is not asked. */
export interface Gate {
  /** 0 to 100. */
  minScore?: number | undefined;
  /** Row ids that have to pass, wholly or in part. */
  require?: readonly string[] | undefined;
  /** Fails when a row of this level fails: `recommended` means any row, `required` the required ones. */
  failOn?: Level | undefined;
}

export interface GateResult {
  passed: boolean;
  /** Why it was not met, a sentence each. */
  reasons: string[];
}

/** Holds an assessment against a gate. Null when nothing was asked. What is unknown never meets a demand. */
export function judgeGate(gate: Gate, { rows, score, coverage }: Assessment): GateResult | null {
  if (gate.minScore === undefined && !gate.require?.length && gate.failOn === undefined) return null;
  const reasons: string[] = [];
  if (gate.minScore !== undefined && (score === null || score < gate.minScore)) {
    reasons.push(
      score === null
        ? `No row could be assessed, and a score of ${gate.minScore} is asked for.`
        : `The score is ${score} on ${coverage.assessed} of ${coverage.total} rows, and ${gate.minScore} is asked for.`,
    );
  }
  for (const id of new Set(gate.require)) {
    const result = rows.find(({ row }) => row.id === id);
    if (result && !isMet(result)) reasons.push(`${id} is required and its verdict is ${result.verdict}.`);
  }
  if (gate.failOn !== undefined) {
    const failed = rows.filter(
      ({ row, verdict }) => verdict === 'fail' && (gate.failOn === 'recommended' || row.level === 'required'),
    );
    for (const { row } of failed) reasons.push(`${row.id} (${row.level}) failed.`);
  }
  return { passed: reasons.length === 0, reasons };
}

const isMet = ({ verdict }: RowResult): boolean => ['pass', 'partial', 'not-applicable'].includes(verdict);
