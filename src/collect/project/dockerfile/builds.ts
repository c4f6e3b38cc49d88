import type { BuildArgument, ComposeProject, Dockerfile } from '../../../evidence/docker.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
import { readDockerfile } from './dockerfile.ts';

/** Sets of arguments for one file: services for production, development and tests. */
const buildLimit = 20;

/** Reads a Dockerfile by its own defaults, and again for each set of arguments that compose builds it with. */
export function readBuilds(
  file: string,
  text: string,
  compose: readonly ComposeProject[],
  secrets: Secrets,
): Dockerfile {
  const plain = readDockerfile(file, text, secrets);
  const sets = new Map<string, BuildArgument[]>();
  for (const { build } of compose.flatMap(({ services }) => services)) {
    if (build?.dockerfile === file && build.args) sets.set(JSON.stringify(build.args), build.args);
  }
  const builds = [...sets.values()].slice(0, buildLimit).flatMap((args) => {
    const { stages } = readDockerfile(file, text, secrets, args);
    return JSON.stringify(stages) === JSON.stringify(plain.stages) ? [] : [{ args, stages }];
  });
  return builds.length > 0 ? { ...plain, builds } : plain;
}
