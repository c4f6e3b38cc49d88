import type { CriterionVerdict } from '../../src/checklist/row.ts';
import type { Assessment } from '../../src/score/score.ts';
import { at } from './evidence.ts';
import { rowOf } from './rows.ts';

type Verdicts = Record<string, { verdict: CriterionVerdict; files?: string[] }>;

/** An assessment of these rows, in which these criteria came out so, whatever their judges would say. */
export function assessmentOf(rows: Record<string, Verdicts>): Assessment {
  const results = Object.entries(rows).map(([id, verdicts]) => {
    const criteria = Object.entries(verdicts).map(([criterion, { verdict, files = [] }]) => ({
      id: criterion,
      title: criterion,
      kind: 'core' as const,
      verdict,
      proof: 'declared' as const,
      finding: `What was found of ${criterion}.`,
      sources: files.map((file) => at(file)),
    }));
    const failed = criteria.some(({ verdict }) => verdict === 'fail');
    return {
      row: rowOf(id),
      verdict: failed ? ('fail' as const) : ('pass' as const),
      proof: 'declared' as const,
      points: { earned: failed ? 0 : 10, lost: failed ? 10 : 0, unassessed: 0, possible: 10 },
      seen: { core: criteria.length, of: criteria.length },
      criteria,
      headline: rowOf(id).headline,
      contradictions: [],
    };
  });
  return {
    profile: 'extended',
    rows: results,
    leftOut: [],
    score: 50,
    ready: false,
    coverage: 50,
    points: { earned: 50, lost: 0, unassessed: 50, possible: 100 },
    earnable: [],
  };
}
