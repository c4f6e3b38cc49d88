import type { Evidence } from '../../../evidence/evidence.ts';
import type { ExperimentId, HistoryOf, LabEvidence } from '../../../evidence/lab/lab.ts';
import { inconclusive, type Judgement, type Moment } from '../../row.ts';

/**
 * A judge by the history of one experiment. What did not run yields no verdict: its reason is the criterion's, with what
 * would help.
 */
export function provenBy<Id extends ExperimentId>(
  id: Id,
  judge: (history: HistoryOf<Id>, lab: LabEvidence, all: Evidence) => Judgement,
): (lab: LabEvidence, all: Evidence) => Judgement {
  return (lab, all) => {
    const experiment = lab.experiments[id];
    if (experiment === undefined) return inconclusive(`The lab did not ask this (${id}).`);
    if (experiment.ran) return judge(experiment.history as HistoryOf<Id>, lab, all);
    return inconclusive([experiment.reason, experiment.help].filter(Boolean).join(' '));
  };
}

/** A judge who has a say only where the lab asked over stdio: over HTTP, a running server shows the same. */
export const overStdio =
  (judge: (lab: LabEvidence, all: Evidence) => Judgement) =>
  (lab: LabEvidence, all: Evidence): Judgement | undefined =>
    lab.transport === 'stdio' ? judge(lab, all) : undefined;

/** What happened in one experiment, for a report. */
export const momentsOf =
  (experiment: ExperimentId | 'baseline') =>
  (atMs: number, text: string): Moment => ({ experiment, atMs, text });
