import type { Declared } from '../../../evidence/declared.ts';
import type { BuildArgument, Dockerfile, DockerStage } from '../../../evidence/docker.ts';
import { isAsideName } from './non-production-files.ts';

/** A stage that becomes the server's image. */
export interface ServerImage {
  dockerfile: Dockerfile;
  stage: DockerStage;
}

/** The Dockerfile that a build reads, with the stages that its arguments make of it; undefined when it was not read. */
export function dockerfileOf(
  dockerfiles: readonly Dockerfile[],
  build: { dockerfile: string; args?: BuildArgument[] } | undefined,
): Dockerfile | undefined {
  const found = dockerfiles.find(({ file }) => file === build?.dockerfile);
  const args = JSON.stringify(build?.args ?? []);
  const built = found?.builds?.find((candidate) => JSON.stringify(candidate.args) === args);
  return found && built ? { ...found, stages: built.stages } : found;
}

/** Names that the stage has which is meant for production, when another one stands last. */
const productionStage = /^(?:prod|production|release|runtime|runner|final)$/i;

/** The stage that a build gives: the named one, or the last; a last one for development is not what is deployed. */
export function stageOf(dockerfile: Dockerfile, target: string | undefined): DockerStage | undefined {
  const named =
    target === undefined
      ? undefined
      : dockerfile.stages.find((stage) => stage.name?.toLowerCase() === target.toLowerCase());
  const last = dockerfile.stages[dockerfile.final];
  const production = isAsideName(last?.name)
    ? dockerfile.stages.find(({ name }) => name !== undefined && productionStage.test(name))
    : undefined;
  return named ?? production ?? last;
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

/** The stage that `COPY --from` names; undefined for another image. */
export function copiedStage(dockerfile: Dockerfile, from: string): DockerStage | undefined {
  const name = from.toLowerCase();
  const named = dockerfile.stages.find((stage) => stage.name?.toLowerCase() === name);
  return named ?? (/^\d+$/.test(from) ? dockerfile.stages[Number(from)] : undefined);
}

/** Every stage of which something is in the image: its lineage, and what that copies from. A test stage is not. */
export function contributing({ dockerfile, stage }: ServerImage): DockerStage[] {
  const all: DockerStage[] = [];
  const open = [stage];
  for (let current = open.pop(); current; current = open.pop()) {
    for (const member of lineage(dockerfile, current)) {
      if (all.includes(member)) continue;
      all.push(member);
      open.push(...member.copies.flatMap(({ from }) => (from && copiedStage(dockerfile, from)) || []));
    }
  }
  return all;
}

/** The image that a stage starts from, through all earlier stages. */
export function baseImage(image: ServerImage): Declared<string> {
  const chain = lineage(image.dockerfile, image.stage);
  return (chain[chain.length - 1] ?? image.stage).base;
}

/** "Dockerfile:12" */

/** The repository of an image reference: `docker.io/library/node:24-slim@sha256:...` is `node`, and so are its mirrors. */
export function repository(image: string): string {
  const [name = ''] = image.split('@');
  return name
    .replace(/(?<=^|\/)([^/:]*):[^/]*$/, '$1')
    .replace(
      /^(?:docker\.io\/|index\.docker\.io\/|mirror\.gcr\.io\/|public\.ecr\.aws\/docker\/)?(?:library\/)?/,
      '',
    );
}
