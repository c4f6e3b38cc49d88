import path from 'node:path';
import type { ComposeProject, ComposeService } from '../../../evidence/docker.ts';
import { singleLine } from '../../../text/printable.ts';
import { breathe, never, untilAborted } from '../breathe.ts';
import { namesOf, reasonOf } from '../files/text.ts';
import { find } from '../formats/yaml-nodes.ts';
import type { YamlMap } from '../formats/yaml-tree.ts';
import { groupBy } from '../group-by.ts';
import { Room } from '../room.ts';
import { inspectFile, type Secrets } from '../secrets/literal-secrets.ts';
import { type ComposeFile, ComposeFiles, type ReadFile, type ServiceEntry } from './file.ts';
import { textOf } from './interpolation.ts';
import { mergeMaps } from './merge.ts';
import { readService } from './service.ts';

/** In the order in which Docker looks for them; the first that is there is used. */
const baseNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

const composeName = /^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i;
const projectLimit = 50;

export function isComposeFile(file: string): boolean {
  return composeName.test(path.posix.basename(file));
}

/**
 * Reads every compose application of a project: in each directory the base file with its override, as `docker compose`
 * takes them, and each other compose file as an application of its own. When it is aborted, it gives what it has by then.
 *
 * @param files all files of the project, relative to its directory
 * @param room for what is recorded
 */
export async function readComposeProjects(
  files: string[],
  read: ReadFile,
  secrets: Secrets,
  signal: AbortSignal = never,
  room = new Room(),
): Promise<{ projects: ComposeProject[]; notices: string[] }> {
  const notices: string[] = [];
  const inspected = new Set<string>();
  const composeFiles = new ComposeFiles(async (file) => {
    const content = await read(file);
    if ('text' in content && !inspected.has(file)) {
      inspected.add(file);
      inspectFile(secrets, file, content.text);
    }
    return content;
  }, signal);
  const projects: ComposeProject[] = [];
  await untilAborted(signal, async () => {
    for (const group of await groupFiles(files.filter(isComposeFile), composeFiles, notices)) {
      if (projects.length === projectLimit) {
        notices.push(`Only the first ${projectLimit} compose applications were read.`);
        break;
      }
      const project = await readProject(group, { composeFiles, secrets, notices, signal, room });
      projects.push(project);
      if (!room.full) continue;
      notices.push(
        `Compose files declare too much to record: nothing behind ${group.map((file) => singleLine(file)).join(', ')} was read.`,
      );
      break;
    }
  });
  return { projects, notices };
}

/** Which files make up an application together, lowest first. */
async function groupFiles(
  files: string[],
  composeFiles: ComposeFiles,
  notices: string[],
): Promise<string[][]> {
  const groups: string[][] = [];
  for (const here of groupBy(files, (file) => path.posix.dirname(file)).values()) {
    const pick = (names: string[]) =>
      names.flatMap((name) => here.filter((file) => path.posix.basename(file) === name));
    const [base, ...unusedBases] = pick(baseNames);
    const [override, ...unusedOverrides] = pick(overrideNames);
    const unused = [...unusedBases, ...unusedOverrides];
    if (unused.length > 0) {
      notices.push(`Not read, because Docker prefers ${base ?? override}: ${namesOf(unused)}.`);
    }
    if (base !== undefined) groups.push(override === undefined ? [base] : [base, override]);
    const used = new Set([base, ...unused, ...(base === undefined ? [] : [override])]);
    for (const file of here) {
      if (used.has(file)) continue;
      // To tell whether a file is complete, it must be parsed.
      const alone = base === undefined || (await composeFiles.load(file)).complete;
      groups.push(alone ? [file] : [base, file]);
      if (!alone) {
        notices.push(
          `${singleLine(file)} was read on top of ${singleLine(base)}, because it is no complete file by itself.`,
        );
      }
    }
  }
  return groups;
}

interface Reading {
  composeFiles: ComposeFiles;
  secrets: Secrets;
  notices: string[];
  signal: AbortSignal;
  room: Room;
}

async function readProject(
  files: string[],
  { composeFiles, secrets, notices, signal, room }: Reading,
): Promise<ComposeProject> {
  const services = new Map<string, ServiceEntry>();
  let broken: string | undefined;
  try {
    for (const file of files) {
      const loaded = await composeFiles.load(file);
      if (loaded.problem !== undefined) broken ??= `${singleLine(file)}: ${loaded.problem}`;
      noteIncludes(loaded, notices);
      for (const [name, entry] of loaded.services) {
        await breathe(signal);
        const below = services.get(name);
        services.set(name, below ? { at: below.at, node: mergeMaps(below.node, entry.node) } : entry);
      }
    }
    const directory = path.posix.dirname(files[0] ?? '.');
    const awaited = new Set([...services.values()].flatMap(({ node }) => awaitedEnds(node)));
    const read: ComposeService[] = [];
    for (const [name, entry] of services) {
      await breathe(signal);
      const service = readService(name, entry, directory, secrets);
      if (!room.take(service)) {
        broken ??= 'it declares too much to record';
        break;
      }
      read.push(awaited.has(name) ? { ...service, runsToCompletion: true } : service);
    }
    const inline = read.filter(({ build }) => build?.dockerfile === '(inline)').map(({ name }) => name);
    if (inline.length > 0)
      notices.push(`Not read, because they stand in a compose file: Dockerfiles of ${namesOf(inline)}.`);
    return broken === undefined ? { files, services: read } : { files, services: read, broken };
  } catch (error) {
    signal.throwIfAborted();
    return { files, services: [], broken: reasonOf(error) };
  }
}

/** Services whose successful end one waits for: `depends_on: {migrate: {condition: service_completed_successfully}}`. */
function awaitedEnds(service: YamlMap): string[] {
  const conditions = service.entries.get('depends_on')?.node;
  if (conditions?.kind !== 'map') return [];
  return [...conditions.entries].flatMap(([name, { node }]) =>
    textOf(find(node, ['condition'])) === 'service_completed_successfully' ? [name] : [],
  );
}

function noteIncludes({ file, includes }: ComposeFile, notices: string[]): void {
  if (includes.length > 0)
    notices.push(`${singleLine(file)} includes files that were not read: ${namesOf(includes)}.`);
}
