import type { ProjectEvidence } from '../../../evidence/project.ts';
import { someOf } from '../../../text/counts.ts';
import { inconclusive, type Judgement, notApplicable } from '../../row.ts';
import { agree } from './agreement.ts';
import { serverApplications, serverServices } from './compose-applications.ts';
import { type DeploymentUnit, fromService, fromWorkload, platformNames } from './deployment-unit.ts';
import { isAside } from './non-production-files.ts';
import { perProject } from './per-project.ts';
import { serverWorkloads } from './server-workloads.ts';

/** Everything that may keep the server running, in every description that was read. */
export const serverUnits = perProject((project): readonly DeploymentUnit[] => [
  ...serverServices(project).map(fromService),
  ...serverWorkloads(project).map(fromWorkload),
]);

/** The files that deploy the server. */
export function deployingFiles(project: ProjectEvidence): string[] {
  const compose = serverApplications(project).flatMap(({ application }) => application.files);
  return [...compose, ...serverWorkloads(project).map(({ at }) => at.file)];
}

/**
 * Judges what deploys the server, or says why there is nothing to judge. Where several descriptions may deploy it, they must
 * agree; those to which the question does not apply are left out.
 */
export function judgeUnits(project: ProjectEvidence, judge: (unit: DeploymentUnit) => Judgement): Judgement {
  const judged = serverUnits(project).map((one) => ({ label: one.label, judgement: judge(one) }));
  const applicable = judged.filter(({ judgement }) => judgement.verdict !== 'not-applicable');
  if (applicable.length === 0) return judged[0]?.judgement ?? inconclusive(whyNothing(project));
  const judgement = agree(
    applicable,
    ({ label }) => label,
    (one) => one.judgement,
  );
  const [other] = unreadDeployments(project);
  // Where another description deploys the server, these may be there for development only.
  return judgement.verdict === 'fail' && other
    ? inconclusive(
        `${judgement.finding} But ${other.file} (${other.kind}) may be what deploys it, and it was not read.`,
      )
    : judgement;
}

/** Why nothing that deploys the server can be judged, as a sentence. */
function whyNothing(project: ProjectEvidence): string {
  const real = project.compose.filter(({ files }) => !files.some(isAside));
  const broken = real.find((compose) => compose.broken);
  if (broken) return `${broken.files.join(', ')} could not be read: ${broken.broken}`;
  if (real.length > 0) {
    return `It is not clear which service of ${someOf(real.flatMap(({ files }) => files))} is the server: none is built from this project for production.`;
  }
  const [other] = unreadDeployments(project);
  if (other) return `${other.file} (${other.kind}) may deploy the server, but it was not read.`;
  if (project.compose.length > 0 && project.workloads.length === 0) {
    return `The only compose files are for development, tests or examples: ${someOf(project.compose.flatMap(({ files }) => files))}.`;
  }
  const aside = [
    ...project.compose.flatMap(({ files }) => files),
    ...project.workloads.map(({ at }) => at.file),
  ];
  return aside.length > 0
    ? `Nothing in ${someOf(aside)} deploys the server: it is for development, tests or examples, or what runs beside it.`
    : 'No compose file and no other deployment description was found.';
}

/** Deployment descriptions that were found and not read, without those for tests and examples. */
export const unreadDeployments = (project: ProjectEvidence): ProjectEvidence['unread'] =>
  project.unread.filter(({ file }) => !isAside(file));

/** The judgement of a platform that lets nobody say this. */
export const notSaidThere = (one: DeploymentUnit, what: string): Judgement =>
  notApplicable(`${one.title}: ${platformNames[one.platform]} has no setting for ${what}.`);
