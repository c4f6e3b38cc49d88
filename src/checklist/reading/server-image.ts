import type { Declared, Dockerfile, DockerStage, ProjectEvidence } from '../../evidence/project.ts';

/** A stage that becomes the server's image. */
export interface ServerImage {
  dockerfile: Dockerfile;
  stage: DockerStage;
}

/**
 * The images that carry the server: those that compose builds, else the Dockerfile at the project's root, else all.
 * A Dockerfile beside them (`Dockerfile.dev`) says nothing about production.
 */
export function serverImages(project: ProjectEvidence): ServerImage[] {
  const readable = project.dockerfiles.filter((dockerfile) => !dockerfile.broken && dockerfile.final >= 0);
  const built = project.compose
    .flatMap((compose) => compose.services)
    .flatMap((service) => (service.build ? [service.build] : []))
    .flatMap((build) => {
      const dockerfile = readable.find((candidate) => candidate.file === build.dockerfile);
      if (!dockerfile) return [];
      const stage = stageOf(dockerfile, build.target);
      return stage ? [{ dockerfile, stage }] : [];
    });
  if (built.length > 0) return unique(built);
  const atRoot = readable.filter(({ file }) => file === 'Dockerfile' || file === 'Containerfile');
  return (atRoot.length > 0 ? atRoot : readable).flatMap((dockerfile) => {
    const stage = stageOf(dockerfile, undefined);
    return stage ? [{ dockerfile, stage }] : [];
  });
}

function stageOf(dockerfile: Dockerfile, target: string | undefined): DockerStage | undefined {
  const named = target === undefined ? undefined : dockerfile.stages.find((stage) => stage.name === target);
  return named ?? dockerfile.stages[dockerfile.final];
}

function unique(images: ServerImage[]): ServerImage[] {
  return images.filter((image, index) => images.findIndex(({ stage }) => stage === image.stage) === index);
}

/** The stage itself, then the earlier stages that it builds upon, nearest first. */
export function lineage(dockerfile: Dockerfile, stage: DockerStage): DockerStage[] {
  const chain: DockerStage[] = [];
  let current: DockerStage | undefined = stage;
  while (current && !chain.includes(current)) {
    chain.push(current);
    current = current.baseStage === undefined ? undefined : dockerfile.stages[current.baseStage];
  }
  return chain;
}

/** The image that a stage starts from, through all earlier stages. */
export function baseImage(image: ServerImage): Declared<string> {
  const chain = lineage(image.dockerfile, image.stage);
  return (chain[chain.length - 1] ?? image.stage).base;
}

/** "Dockerfile:12" */
export const placeText = (at: { file: string; line: number }): string => `${at.file}:${at.line}`;

/** The repository of an image reference: `docker.io/library/node:24-slim@sha256:...` is `node`. */
export function repository(image: string): string {
  const [name = ''] = image.split('@');
  return name.replace(/:[^/]*$/, '').replace(/^(docker\.io\/)?(library\/)?/, '');
}
