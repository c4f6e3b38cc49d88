import type { ProjectEvidence, ProjectPart } from '../../../evidence/project.ts';
import { inconclusive, type Judgement } from '../../row.ts';

const reasons = {
  time: 'The audit ran out of time before it had read the whole project. Allow more time with --budget <ms>.',
  size: 'The project is too large to read completely. Audit only the folder of the server.',
};

/** The judgement where these parts of a project were not read completely; undefined when they were. */
export function whyUnread(
  project: ProjectEvidence | undefined,
  parts: readonly ProjectPart[] = ['deployment'],
): Judgement | undefined {
  const gap = project?.unfinished?.find(({ part }) => parts.includes(part));
  return gap && inconclusive(reasons[gap.because]);
}
