import type { ProjectEvidence, ProjectPart } from '../../../evidence/project.ts';
import { inconclusive, type Judgement } from '../../row.ts';

const reasons = {
  time: 'The project was not read to its end, because the time was up. Give it more time with --budget <ms>.',
  size: 'The project was not read to its end, because it is too large. Audit the folder of the server alone.',
};

/** Why nothing can be told from what these parts of a project lack; undefined when they were read to their end. */
export function whyUnread(
  project: ProjectEvidence | undefined,
  parts: readonly ProjectPart[] = ['deployment'],
): Judgement | undefined {
  const gap = project?.unfinished?.find(({ part }) => parts.includes(part));
  return gap && inconclusive(reasons[gap.because]);
}
