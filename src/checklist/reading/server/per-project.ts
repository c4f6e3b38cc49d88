import type { ProjectEvidence } from '../../../evidence/project.ts';

/** Works out once what many criteria ask about the same project: evidence does not change. */
export function perProject<T>(read: (project: ProjectEvidence) => T): (project: ProjectEvidence) => T {
  const known = new WeakMap<ProjectEvidence, { answer: T }>();
  return (project) => {
    const found = known.get(project) ?? { answer: read(project) };
    known.set(project, found);
    return found.answer;
  };
}
