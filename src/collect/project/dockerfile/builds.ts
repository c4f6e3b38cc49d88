import type { BuildArgument, ComposeProject, Dockerfile } from '../../../evidence/docker.ts';
import { breathe } from '../breathe.ts';
import type { Room } from '../room.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
import { dockerfileReader } from './dockerfile.ts';

/** Sets of arguments for one file: services for production, development and tests. */
const buildLimit = 20;

/**
 * Reads a Dockerfile by its own defaults, and again for each set of arguments that compose builds it with.
 *
 * @param room for what is recorded; a file for which there is none is broken
 */
export async function readBuilds(
  file: string,
  text: string,
  compose: readonly ComposeProject[],
  { secrets, room, signal }: { secrets: Secrets; room: Room; signal: AbortSignal },
): Promise<Dockerfile> {
  const read = dockerfileReader(file, text, secrets);
  const plain = read([]);
  if (!room.take(plain)) return { file, stages: [], final: -1, broken: 'it declares too much to record' };
  const sets = new Map<string, BuildArgument[]>();
  for (const { build } of compose.flatMap(({ services }) => services)) {
    if (build?.dockerfile === file && build.args) sets.set(JSON.stringify(build.args), build.args);
  }
  const builds: NonNullable<Dockerfile['builds']> = [];
  for (const args of [...sets.values()].slice(0, buildLimit)) {
    await breathe(signal);
    const { stages } = read(args);
    if (JSON.stringify(stages) === JSON.stringify(plain.stages)) continue;
    if (!room.take(stages)) break;
    builds.push({ args, stages });
  }
  return builds.length > 0 ? { ...plain, builds } : plain;
}
