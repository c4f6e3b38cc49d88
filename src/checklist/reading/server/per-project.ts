import type { ProjectEvidence } from '../../../evidence/project.ts';

/** Caches the result for each project: evidence does not change. */
export function perProject<T>(read: (project: ProjectEvidence) => T): (project: ProjectEvidence) => T {
  const cache = new WeakMap<ProjectEvidence, { result: T }>();
  return (project) => {
    const cached = cache.get(project) ?? { result: read(project) };
    cache.set(project, cached);
    return cached.result;
  };
}
