import { profiles } from '../../src/checklist/checklist.ts';
import type { Remedies } from '../../src/checklist/remedy.ts';
import type { Row } from '../../src/checklist/row.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import type { CriterionResult } from '../../src/score/criterion.ts';
import { evaluate, type RowResult } from '../../src/score/evaluate.ts';

export function rowOf(id: string): Row {
  const row = profiles.extended.find((candidate) => candidate.id === id);
  if (!row) throw new Error(`There is no row ${id}.`);
  return row;
}

export function judgeRow(id: string, evidence: Partial<Evidence>): RowResult {
  return evaluate(rowOf(id), { notices: [], ...evidence });
}

/** One criterion of a row, judged. */
export function judgeCriterion(row: string, criterion: string, evidence: Partial<Evidence>): CriterionResult {
  const result = judgeRow(row, evidence).criteria.find(({ id }) => id === criterion);
  if (!result) throw new Error(`The row ${row} has no criterion ${criterion}.`);
  return result;
}

const nothingToDo = { text: '', language: 'ts', code: '' } as const;

/** Of a row that only a test has. */
export const noRemedies: Remedies = { typescript: nothingToDo, python: nothingToDo };
