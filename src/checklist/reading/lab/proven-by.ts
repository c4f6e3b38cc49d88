import type { Evidence } from '../../../evidence/evidence.ts';
import type { ExperimentId, HistoryOf, LabEvidence } from '../../../evidence/lab/lab.ts';
import { inconclusive, type Judgement, type LabJudge, type Moment } from '../../row.ts';

/** Judges the history of one experiment. One that did not run is inconclusive, with its reason and what would help. */
export function provenBy<Id extends ExperimentId>(
  id: Id,
  judge: (history: HistoryOf<Id>, lab: LabEvidence, all: Evidence) => Judgement,
): Decided {
  return readsLab([id], (lab, all) => {
    const experiment = lab.experiments[id];
    if (experiment === undefined) return inconclusive(`The lab did not run this experiment (${id}).`);
    if (experiment.ran) return judge(experiment.history as HistoryOf<Id>, lab, all);
    return inconclusive([experiment.reason, experiment.help].filter(Boolean).join(' '));
  });
}

/** A lab judge that always returns a judgement. */
type Decided = LabJudge<Judgement>;

/** A judge with the experiments that it reads. */
export const readsLab = <Result extends Judgement | undefined>(
  experiments: LabJudge['experiments'],
  judge: (lab: LabEvidence, all: Evidence) => Result,
): LabJudge<Result> => Object.assign(judge, { experiments });

/** Combines the judgements of several experiments. */
export const together = (
  judges: readonly Decided[],
  decide: (judgements: readonly Judgement[]) => Judgement,
): Decided =>
  readsLab(
    judges.flatMap(({ experiments }) => experiments as ExperimentId[]),
    (lab, all) => decide(judges.map((judge) => judge(lab, all))),
  );

/** Judges servers over stdio only: over HTTP, a running server shows the same. */
export const overStdio = (judge: Decided): LabJudge =>
  readsLab(judge.experiments, (lab, all) => (lab.transport === 'stdio' ? judge(lab, all) : undefined));

/** Makes the moments of one experiment, for a report. */
export const momentsOf =
  (experiment: ExperimentId | 'baseline') =>
  (atMs: number, text: string): Moment => ({ experiment, atMs, text });
