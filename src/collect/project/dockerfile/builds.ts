import type { BuildArgument, ComposeProject, Dockerfile } from '../../../evidence/docker.ts';
import { type EvidenceBudget, tooLarge } from '../evidence-budget.ts';
import { pause } from '../pause.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
import { brokenDockerfile, dockerfileReader } from './dockerfile.ts';

/** Sets of build arguments for one file. */
const buildLimit = 20;

/**
 * Reads a Dockerfile by its own defaults, and again for each set of arguments that compose builds it with.
 *
 * @param budget of the evidence; a file that exceeds it is broken
 */
export async function readBuilds(
  file: string,
  text: string,
  compose: readonly ComposeProject[],
  { secrets, budget, signal }: { secrets: Secrets; budget: EvidenceBudget; signal: AbortSignal },
): Promise<Dockerfile> {
  const read = dockerfileReader(file, text, secrets);
  const plain = read([]);
  if (!budget.take(plain)) return brokenDockerfile(file, tooLarge);
  const sets = new Map<string, BuildArgument[]>();
  for (const { build } of compose.flatMap(({ services }) => services)) {
    if (build?.dockerfile === file && build.args) sets.set(JSON.stringify(build.args), build.args);
  }
  const builds: NonNullable<Dockerfile['builds']> = [];
  for (const args of [...sets.values()].slice(0, buildLimit)) {
    await pause(signal);
    const { stages } = read(args);
    if (JSON.stringify(stages) === JSON.stringify(plain.stages)) continue;
    if (!budget.take(stages)) break;
    builds.push({ args, stages });
  }
  return builds.length > 0 ? { ...plain, builds } : plain;
}
