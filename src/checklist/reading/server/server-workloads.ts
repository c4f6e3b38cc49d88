import { platforms } from '../../../evidence/platform.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { Workload } from '../../../evidence/workload.ts';
import { preferred } from './agreement.ts';
import { isInfrastructure } from './infrastructure.ts';
import {
  isNonProductionFile,
  namesMcp,
  namesNonProduction,
  namesProduction,
} from './non-production-files.ts';

/** The production workloads that may be the server: on each platform those that remain after all preferences. */
export function serverWorkloads(project: ProjectEvidence): Workload[] {
  const candidates = project.workloads.filter(
    (workload) => !filesOf(workload).some(isNonProductionFile) && !isCompanion(workload),
  );
  return platforms.flatMap((platform) =>
    preferences.reduce<Workload[]>(
      (remaining, preference) => preferred(remaining, preference),
      candidates.filter((workload) => workload.platform === platform),
    ),
  );
}

const filesOf = ({ at, kustomization }: Workload): string[] =>
  kustomization === undefined ? [at.file] : [at.file, kustomization];

/** A store, a proxy, a sidecar or a development tool. */
function isCompanion({ name, container, image }: Workload): boolean {
  const runs = image?.known ? image.value : (container ?? name);
  return isInfrastructure(runs) || isInfrastructure(name) || namesNonProduction(name);
}

const preferences: ((workload: Workload) => boolean)[] = [
  (workload) => filesOf(workload).some(namesProduction),
  (workload) =>
    !filesOf(workload).some((file) => /(?:^|[^a-z])(?:staging|stage|preview|qa|uat)(?:[^a-z]|$)/i.test(file)),
  ({ name, container, image }) =>
    [name, container ?? '', image?.known ? image.value : ''].some((text) => namesMcp(text)),
  ({ platform, kind, name }) =>
    (platform === 'procfile' && name === 'web') || (platform === 'render' && kind === 'web'),
  // The main container of a pod often has the name of the workload.
  ({ name, container }) => container === undefined || container === name,
];
