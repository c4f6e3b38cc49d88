import type { Criterion } from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type RowResult, rowResult } from './evaluate.ts';

/** What a user can add to an audit to earn unassessed points. */
export const earningSteps = ['lab', 'project', 'url', 'declare', 'attest'] as const;
export type EarningStep = (typeof earningSteps)[number];

/** A step, and the most points that it can earn. The points of several steps overlap. */
export interface Earnable {
  step: EarningStep;
  points: number;
}

/** Whether a step brings evidence that this audit does not have, for a judge that the criterion has. */
const helps: Record<EarningStep, (criterion: Criterion, evidence: Evidence) => boolean> = {
  // The lab reads the project and audits its own instance over the wire.
  lab: (criterion, evidence) =>
    !evidence.lab &&
    (criterion.proven !== undefined || helps.project(criterion, evidence) || helps.url(criterion, evidence)),
  project: ({ declared }, { project }) => declared !== undefined && !project,
  url: ({ observed }, { wire, lab }) => observed !== undefined && !wire && !lab,
  // Only the files can say it, and they did not.
  declare: (criterion, evidence) =>
    criterion.declared !== undefined && evidence.project !== undefined && !helps.lab(criterion, evidence),
  attest: ({ attestable }) => attestable !== undefined,
};

/** What would earn the unassessed points of an audit, most points first: as if everything that it can show were good. */
export function earnable(rows: readonly RowResult[], evidence: Evidence): Earnable[] {
  return earningSteps
    .map((step) => ({ step, points: rows.reduce((sum, row) => sum + gain(row, step, evidence), 0) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points);
}

function gain({ row, criteria, points }: RowResult, step: EarningStep, evidence: Evidence): number {
  const better = criteria.map((result) => {
    const criterion = row.criteria.find(({ id }) => id === result.id);
    const helped = result.verdict === 'inconclusive' && criterion && helps[step](criterion, evidence);
    return helped ? { ...result, verdict: 'pass' as const } : result;
  });
  return rowResult(row, better).points.earned - points.earned;
}
