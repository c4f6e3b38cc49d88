import { platforms } from '../../../evidence/platform.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { Workload } from '../../../evidence/workload.ts';
import { isInfrastructure } from './infrastructure.ts';
import { isAside, isAsideName, namesMcp, namesProduction } from './non-production-files.ts';

/**
 * The workloads that may be the server, of each platform that is described: what is for development or tests is left out,
 * production goes before its variants, what is named for MCP before what is not, and what takes requests before workers.
 */
export function serverWorkloads(project: ProjectEvidence): Workload[] {
  const real = project.workloads.filter(
    (workload) => !filesOf(workload).some(isAside) && !isBeside(workload),
  );
  return platforms.flatMap((platform) =>
    likeliest(real.filter((workload) => workload.platform === platform)),
  );
}

const filesOf = ({ at, kustomization }: Workload): string[] =>
  kustomization === undefined ? [at.file] : [at.file, kustomization];

/** A store, a proxy or a sidecar, or something for development. */
function isBeside({ name, container, image }: Workload): boolean {
  const runs = image?.known ? image.value : (container ?? name);
  return isInfrastructure(runs) || isInfrastructure(name) || isAsideName(name);
}

const preferences: ((workload: Workload) => boolean)[] = [
  (workload) => filesOf(workload).some(namesProduction),
  (workload) =>
    !filesOf(workload).some((file) => /(?:^|[^a-z])(?:staging|stage|preview|qa|uat)(?:[^a-z]|$)/i.test(file)),
  ({ name, container, image }) =>
    [name, container ?? '', image?.known ? image.value : ''].some((text) => namesMcp(text)),
  ({ platform, kind, name }) =>
    (platform === 'procfile' && name === 'web') || (platform === 'render' && kind === 'web'),
  // A pod's main container is often called as the workload is.
  ({ name, container }) => container === undefined || container === name,
];

function likeliest(workloads: Workload[]): Workload[] {
  return preferences.reduce((left, prefers) => {
    const preferred = left.filter(prefers);
    return preferred.length > 0 ? preferred : left;
  }, workloads);
}
