import type { Declared } from '../../../evidence/declared.ts';
import type { BuildArgument, Dockerfile, DockerStage } from '../../../evidence/docker.ts';
import { namesNonProduction } from './non-production-files.ts';

/** The stage that becomes the server's image. */
export interface ServerImage {
  dockerfile: Dockerfile;
  stage: DockerStage;
}

/** The Dockerfile of a build, its stages resolved with the build's arguments; undefined when it was not read. */
export function dockerfileOf(
  dockerfiles: readonly Dockerfile[],
  build: { dockerfile: string; args?: BuildArgument[] } | undefined,
): Dockerfile | undefined {
  const found = dockerfiles.find(({ file }) => file === build?.dockerfile);
  const args = JSON.stringify(build?.args ?? []);
  const built = found?.builds?.find((candidate) => JSON.stringify(candidate.args) === args);
  return found && built ? { ...found, stages: built.stages } : found;
}

/** Names of production stages, for a Dockerfile whose last stage is for development. */
const productionStage = /^(?:prod|production|release|runtime|runner|final)$/i;

/** The stage that a build produces: the named one, else the last one, or the production one where that is for development. */
export function stageOf(dockerfile: Dockerfile, target: string | undefined): DockerStage | undefined {
  const last = dockerfile.stages[dockerfile.final];
  const production = namesNonProduction(last?.name)
    ? dockerfile.stages.find(({ name }) => name !== undefined && productionStage.test(name))
    : undefined;
  return (target === undefined ? undefined : stageNamed(dockerfile, target)) ?? production ?? last;
}

/** Stage names ignore case. */
const stageNamed = ({ stages }: Dockerfile, name: string): DockerStage | undefined =>
  stages.find((stage) => stage.name?.toLowerCase() === name.toLowerCase());

/** The stage itself, then the stages that it is based on, nearest first. */
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
  return stageNamed(dockerfile, from) ?? (/^\d+$/.test(from) ? dockerfile.stages[Number(from)] : undefined);
}

/** Every stage with content in the image: its lineage and the stages that these copy from. */
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

/** The external image that the lineage of a stage starts from. */
export function baseImage(image: ServerImage): Declared<string> {
  const chain = lineage(image.dockerfile, image.stage);
  return (chain[chain.length - 1] ?? image.stage).base;
}

/** "Dockerfile:12" */

/** The repository of an image reference: `docker.io/library/node:24-slim@sha256:...` and its mirrors give `node`. */
export function repository(image: string): string {
  const [name = ''] = image.split('@');
  return name
    .replace(/(?<=^|\/)([^/:]*):[^/]*$/, '$1')
    .replace(
      /^(?:docker\.io\/|index\.docker\.io\/|mirror\.gcr\.io\/|public\.ecr\.aws\/docker\/)?(?:library\/)?/,
      '',
    );
}
