import path from 'node:path';
import type { Dockerfile, DockerStage } from '../../../evidence/docker.ts';
import type { ReadFile } from '../compose/file.ts';
import { groupBy } from '../group-by.ts';
import { pause } from '../pause.ts';

type StartScript = NonNullable<DockerStage['startScript']>;

/**
 * Programs that continue a script as another user. Most count anywhere in a line, because scripts keep them in variables;
 * `su` and `sudo` count only where a command begins.
 */
const userSwitch =
  /\b(gosu|su-exec|setpriv|runuser|chpst|s6-setuidgid|capsh|start-stop-daemon)\s|(?:^|[;&|(]|\b(?:exec|then|else|do|if))\s*(sudo|su)\s/;

/** Files of the same name. */
const sameNameLimit = 5;

/** Finds the scripts that images start with, and whether they change the user. A stage gets its `startScript`. */
export async function findStartScripts(
  dockerfiles: Dockerfile[],
  names: string[],
  { read, signal }: { read: ReadFile; signal: AbortSignal },
): Promise<void> {
  const byName = groupBy(names, (name) => path.posix.basename(name));
  const known = new Map<string, StartScript>();
  for (const { file, stages, builds = [] } of dockerfiles) {
    for (const stage of [...stages, ...builds.flatMap((build) => build.stages)]) {
      await pause(signal);
      const script = scriptOf(stage);
      if (script === undefined) continue;
      const near = path.posix.dirname(file);
      const key = JSON.stringify([script, near]);
      const found = known.get(key) ?? (await readScript(script, candidates(script, near, byName), read));
      known.set(key, found);
      stage.startScript = found;
    }
  }
}

/** The first word of a command that is a shell script by its name: `docker-entrypoint.sh`, `/entrypoint`. */
function scriptOf({ command }: DockerStage): string | undefined {
  return command?.words
    .flatMap((word) => word.split(/\s+/))
    .find((word) => /^[\w./-]+\.sh$|^(?:[\w./-]*\/)?(?:docker-)?entrypoint$/.test(word));
}

/** Files of that name, those below the Dockerfile's directory first. */
function candidates(script: string, near: string, byName: Map<string, string[]>): string[] {
  return [...(byName.get(path.posix.basename(script)) ?? [])]
    .sort((a, b) => Number(!a.startsWith(near)) - Number(!b.startsWith(near)))
    .slice(0, sameNameLimit);
}

async function readScript(name: string, files: string[], read: ReadFile): Promise<StartScript> {
  let found: string | undefined;
  for (const file of files) {
    const content = await read(file);
    if (!('text' in content)) continue;
    found ??= file;
    for (const [index, line] of content.text.split(/\r?\n/).entries()) {
      const [, named, short] = userSwitch.exec(line.slice(0, 1_000).replace(/^\s*#.*/, '')) ?? [];
      const program = named ?? short;
      if (program) return { name, file, changesUser: { program, at: { file, line: index + 1 } } };
    }
  }
  return found === undefined ? { name } : { name, file: found };
}
