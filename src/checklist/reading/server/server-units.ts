import type { Declared } from '../../../evidence/declared.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { placeText } from '../../../text/places.ts';
import { capitalised } from '../../../text/printable.ts';
import { inconclusive, type Judgement, notApplicable } from '../../row.ts';
import { agree, shortList } from './agreement.ts';
import { serverApplications, serverServices } from './compose-applications.ts';
import { type DeploymentUnit, fromService, fromWorkload, platformName } from './deployment-unit.ts';
import { isNonProductionFile } from './non-production-files.ts';
import { perProject } from './per-project.ts';
import { serverWorkloads } from './server-workloads.ts';

/** Every deployment that may run the server. */
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
 * Judges the deployments of the server, or gives the reason why there is none.
 * Several candidates must agree; those to which the question does not apply do not count.
 */
export function judgeUnits(project: ProjectEvidence, judge: (unit: DeploymentUnit) => Judgement): Judgement {
  const judged = serverUnits(project).map((unit) => ({ label: unit.label, judgement: judge(unit) }));
  const applicable = judged.filter(({ judgement }) => judgement.verdict !== 'not-applicable');
  if (applicable.length === 0) return judged[0]?.judgement ?? inconclusive(whyNothing(project));
  const judgement = agree(
    applicable,
    ({ label }) => label,
    (candidate) => candidate.judgement,
  );
  const [other] = unreadDeployments(project);
  // If another description deploys the server, these may be for development only.
  return judgement.verdict === 'fail' && other
    ? inconclusive(`${judgement.finding} But ${notRead(other)}`)
    : judgement;
}

/** A sentence: why no deployment can be judged. */
function whyNothing(project: ProjectEvidence): string {
  const production = project.compose.filter(({ files }) => !files.some(isNonProductionFile));
  const broken = production.find((compose) => compose.broken);
  if (broken) return `${broken.files.join(', ')} could not be read: ${broken.broken}`;
  if (production.length > 0) {
    return `The server could not be determined among the services of ${shortList(production.flatMap(({ files }) => files))}. None is built from this project for production.`;
  }
  const [other] = unreadDeployments(project);
  if (other) return capitalised(notRead(other));
  const otherFiles = [
    ...project.compose.flatMap(({ files }) => files),
    ...project.workloads.map(({ at }) => at.file),
  ];
  return otherFiles.length > 0
    ? `The audit found no deployment of the server in ${shortList(otherFiles)}. These files are for development, tests, examples or other services.`
    : 'The project has no compose file and no other deployment description.';
}

/** The judgement where an unread description may deploy the server. */
export function whyNotRead(project: ProjectEvidence): Judgement | undefined {
  const [other] = unreadDeployments(project);
  return other && inconclusive(capitalised(notRead(other)));
}

const notRead = ({ file, kind }: ProjectEvidence['unread'][number]): string =>
  `the audit did not read ${file} (${kind}), which may deploy the server.`;

/** Deployment descriptions that the audit found but did not read, without those for tests and examples. */
export const unreadDeployments = (project: ProjectEvidence): ProjectEvidence['unread'] =>
  project.unread.filter(({ file }) => !isNonProductionFile(file));

/** The judgement where the platform has no setting for this. */
export const unsupportedSetting = ({ title, platform }: DeploymentUnit, what: string): Judgement =>
  notApplicable(`${title} runs on ${platformName(platform)}, which has no setting for ${what}.`);

/** The reason where a setting depends on a value that is not in the files. */
export const unknownSetting = (
  title: string,
  setting: string,
  { text, why, at }: Extract<Declared<string>, { known: false }>,
): string => `${title} sets ${setting} to ${text} (${placeText(at)}). Its value is unknown: ${why}.`;
