import type { Dockerfile } from '../../../evidence/docker.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { someOf } from '../../../text/counts.ts';
import { inconclusive, type Judgement, notApplicable } from '../../row.ts';
import { agree } from './agreement.ts';
import type { DeploymentUnit } from './deployment-unit.ts';
import { isInfrastructure } from './infrastructure.ts';
import { isAside, namesMcp, namesProduction } from './non-production-files.ts';
import { perProject } from './per-project.ts';
import { serverUnits } from './server-units.ts';
import { baseImage, dockerfileOf, type ServerImage, stageOf } from './stages.ts';

/**
 * The images that may be the server's: those that its deployments build, else the Dockerfile at the project's root (and
 * one in a folder named for the MCP server), else all that are neither for development nor for tests nor examples.
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

/**
 * The image that a deployment runs, when it says what builds it; else those that may be the server's, when it may run one of
 * them: a platform that pulls an image does not say where that was built.
 */
export function imagesOf({ build, runs }: DeploymentUnit, project: ProjectEvidence): readonly ServerImage[] {
  const own = imageOf(project, build);
  return own.length > 0 || runs !== 'image' ? own : serverImages(project);
}

function imageOf(project: ProjectEvidence, build: DeploymentUnit['build']): ServerImage[] {
  const dockerfile = dockerfileOf(project.dockerfiles, build);
  const stage = dockerfile && !dockerfile.broken && stageOf(dockerfile, build?.target);
  return dockerfile && stage ? [{ dockerfile, stage }] : [];
}

/** A variant (`Dockerfile.alpine`) beside a plain Dockerfile is not what is built when nothing else is said. */
function plainDockerfiles(project: ProjectEvidence): Dockerfile[] {
  const real = project.dockerfiles.filter(({ file }) => !isAside(file));
  const plain = real.filter(({ file }) => isPlain(file));
  const folders = new Set(plain.map(({ file }) => folderOf(file)));
  const usual = real.filter(({ file }) => isPlain(file) || !folders.has(folderOf(file)));
  const atRoot = usual.filter(({ file }) => !file.includes('/'));
  if (atRoot.length > 0) {
    const production = atRoot.filter(({ file }) => namesProduction(file));
    const named = usual.filter(({ file }) => file.includes('/') && namesMcp(folderOf(file)));
    return [...(production.length > 0 ? production : atRoot), ...named];
  }
  const servers = usual.filter((dockerfile) => !buildsInfrastructure(dockerfile));
  return servers.length > 0 ? servers : usual;
}

const isPlain = (file: string): boolean => /(?:^|\/)(?:Dockerfile|Containerfile)$/i.test(file);
const folderOf = (file: string): string => file.split('/').slice(0, -1).join('/');

function buildsInfrastructure(dockerfile: Dockerfile): boolean {
  const stage = stageOf(dockerfile, undefined);
  const base = stage && baseImage({ dockerfile, stage });
  return base?.known === true && isInfrastructure(base.value);
}

/**
 * Judges the server's image, or says why there is none to judge.
 *
 * @param judge judges one image; where several may be the server's, they must agree
 */
export function judgeImages(project: ProjectEvidence, judge: (image: ServerImage) => Judgement): Judgement {
  const images = serverImages(project);
  return images.length > 0
    ? agree(images, ({ dockerfile }) => dockerfile.file, judge)
    : inconclusive(whyNoImage(project));
}

/** The same about how an image is made, which is no question where the server runs without one. */
export function judgeBuiltImages(
  project: ProjectEvidence,
  judge: (image: ServerImage) => Judgement,
): Judgement {
  const all = serverUnits(project);
  return project.dockerfiles.length === 0 && all.length > 0 && all.every(({ runs }) => runs === 'program')
    ? notApplicable(`${someOf(all.map(({ label }) => label))}: the server runs without an image.`)
    : judgeImages(project, judge);
}

/** Why no image can be judged, as a sentence. */
function whyNoImage(project: ProjectEvidence): string {
  const broken = project.dockerfiles.find((dockerfile) => dockerfile.broken && !isAside(dockerfile.file));
  if (broken) return `${broken.file} could not be read: ${broken.broken}`;
  return project.dockerfiles.length > 0
    ? `The only Dockerfiles are for development, tests or examples: ${someOf(project.dockerfiles.map(({ file }) => file))}.`
    : 'No Dockerfile was found in the project.';
}
