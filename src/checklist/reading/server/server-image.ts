import type { Dockerfile } from '../../../evidence/docker.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { inconclusive, type Judgement, notApplicable } from '../../row.ts';
import { agree, preferred, shortList } from './agreement.ts';
import type { DeploymentUnit } from './deployment-unit.ts';
import { isInfrastructure } from './infrastructure.ts';
import { folderOf, isNonProductionFile, namesMcp, namesProduction } from './non-production-files.ts';
import { perProject } from './per-project.ts';
import { serverUnits } from './server-units.ts';
import { baseImage, dockerfileOf, type ServerImage, stageOf } from './stages.ts';

/**
 * The images that may be the server's: those that its deployments build, else the Dockerfile at the project's root (and
 * one in a folder named for MCP), else all production Dockerfiles.
 */
export const serverImages = perProject((project): readonly ServerImage[] => {
  const all = serverUnits(project);
  const named = all.filter(({ build }) => project.dockerfiles.some(({ file }) => file === build?.dockerfile));
  const built = named.flatMap(({ build }) => imageOf(project, build));
  const images =
    named.length > 0
      ? built
      : plainDockerfiles(project).flatMap(({ file }) => imageOf(project, { dockerfile: file }));
  return images.filter((image, index) => images.findIndex(({ stage }) => stage === image.stage) === index);
});

/** The image that a deployment builds; else, where it pulls one, all that may be the server's. */
export function imagesOf({ build, runs }: DeploymentUnit, project: ProjectEvidence): readonly ServerImage[] {
  const own = imageOf(project, build);
  return own.length > 0 || runs !== 'image' ? own : serverImages(project);
}

function imageOf(project: ProjectEvidence, build: DeploymentUnit['build']): ServerImage[] {
  const dockerfile = dockerfileOf(project.dockerfiles, build);
  const stage = dockerfile && !dockerfile.broken && stageOf(dockerfile, build?.target);
  return dockerfile && stage ? [{ dockerfile, stage }] : [];
}

/** Production Dockerfiles, without variants (`Dockerfile.alpine`) beside a plain one. */
function plainDockerfiles(project: ProjectEvidence): Dockerfile[] {
  const production = project.dockerfiles.filter(({ file }) => !isNonProductionFile(file));
  const plain = production.filter(({ file }) => isPlain(file));
  const folders = new Set(plain.map(({ file }) => folderOf(file)));
  const usual = production.filter(({ file }) => isPlain(file) || !folders.has(folderOf(file)));
  const atRoot = usual.filter(({ file }) => !file.includes('/'));
  if (atRoot.length > 0) {
    const named = usual.filter(({ file }) => file.includes('/') && namesMcp(folderOf(file)));
    return [...preferred(atRoot, ({ file }) => namesProduction(file)), ...named];
  }
  return preferred(usual, (dockerfile) => !buildsInfrastructure(dockerfile));
}

const isPlain = (file: string): boolean => /(?:^|\/)(?:Dockerfile|Containerfile)$/i.test(file);

function buildsInfrastructure(dockerfile: Dockerfile): boolean {
  const stage = stageOf(dockerfile, undefined);
  const base = stage && baseImage({ dockerfile, stage });
  return base?.known === true && isInfrastructure(base.value);
}

/**
 * Judges the server's image, or gives the reason why there is none.
 *
 * @param judge judges one image; several candidates must agree
 */
export function judgeImages(project: ProjectEvidence, judge: (image: ServerImage) => Judgement): Judgement {
  const images = serverImages(project);
  return images.length > 0
    ? agree(images, ({ dockerfile }) => dockerfile.file, judge)
    : inconclusive(whyNoImage(project));
}

/** Judges how the image is built. Not applicable where the server runs without one. */
export function judgeBuiltImages(
  project: ProjectEvidence,
  evidence: Evidence,
  judge: (image: ServerImage) => Judgement,
): Judgement {
  const all = serverUnits(project);
  if (project.dockerfiles.length === 0 && all.length > 0 && all.every(({ runs }) => runs === 'program')) {
    return notApplicable(`The server runs without an image: ${shortList(all.map(({ label }) => label))}.`);
  }
  return startedByClient(project, evidence) ?? judgeImages(project, judge);
}

/** Not applicable: the project describes no image or deployment, and its client starts the server, as its own user. */
export function startedByClient(project: ProjectEvidence, { lab }: Evidence): Judgement | undefined {
  const { dockerfiles, compose, workloads, unread } = project;
  return lab?.transport === 'stdio' &&
    [dockerfiles, compose, workloads, unread].every(({ length }) => length === 0)
    ? notApplicable('The project builds no image: its client starts the server over stdio.')
    : undefined;
}

/** A sentence: why no image can be judged. */
function whyNoImage(project: ProjectEvidence): string {
  const broken = project.dockerfiles.find((one) => one.broken && !isNonProductionFile(one.file));
  if (broken) return `${broken.file} could not be read: ${broken.broken}`;
  return project.dockerfiles.length > 0
    ? `All Dockerfiles are for development, tests or examples: ${shortList(project.dockerfiles.map(({ file }) => file))}.`
    : 'The project has no Dockerfile.';
}
