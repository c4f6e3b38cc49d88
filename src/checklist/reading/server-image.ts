import type { Dockerfile, ProjectEvidence } from '../../evidence/project.ts';
import { inconclusive, type Judgement } from '../row.ts';
import { agree, someOf } from './agreement.ts';
import { isAside, namesMcp, namesProduction } from './aside.ts';
import { serverServices } from './compose-services.ts';
import { isInfrastructure } from './infrastructure.ts';
import { baseImage, type ServerImage, stageOf } from './stages.ts';

/**
 * The images that may be the server's: those that compose builds for it, else the Dockerfile at the project's root (and
 * one in a folder named for the MCP server), else all that are neither for development nor for tests nor examples.
 */
export function serverImages(project: ProjectEvidence): ServerImage[] {
  const builds = serverServices(project).flatMap(({ build }) => build ?? []);
  const built = builds.flatMap((build) => {
    const dockerfile = project.dockerfiles.find(({ file }) => file === build.dockerfile);
    return dockerfile ? [{ dockerfile, target: build.target }] : [];
  });
  const plain = () => plainDockerfiles(project).map((dockerfile) => ({ dockerfile, target: undefined }));
  const images = (built.length > 0 ? built : plain()).flatMap(({ dockerfile, target }) => {
    const stage = dockerfile.broken ? undefined : stageOf(dockerfile, target);
    return stage ? [{ dockerfile, stage }] : [];
  });
  return images.filter((image, index) => images.findIndex(({ stage }) => stage === image.stage) === index);
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

/** Why no image can be judged, as a sentence. */
function whyNoImage(project: ProjectEvidence): string {
  const broken = project.dockerfiles.find((dockerfile) => dockerfile.broken && !isAside(dockerfile.file));
  if (broken) return `${broken.file} could not be read: ${broken.broken}`;
  return project.dockerfiles.length > 0
    ? `The only Dockerfiles are for development, tests or examples: ${someOf(project.dockerfiles.map(({ file }) => file))}.`
    : 'No Dockerfile was found in the project.';
}
