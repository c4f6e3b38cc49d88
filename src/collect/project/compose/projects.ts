import path from 'node:path';
import type { ComposeProject, ComposeService } from '../../../evidence/docker.ts';
import { singleLine } from '../../../text/printable.ts';
import { EvidenceBudget, tooLarge } from '../evidence-budget.ts';
import { namesOf, reasonOf } from '../files/text.ts';
import type { YamlMap } from '../formats/yaml-tree.ts';
import { groupBy } from '../group-by.ts';
import { neverAborted, pause, untilAborted } from '../pause.ts';
import { inspectFile, type Secrets } from '../secrets/literal-secrets.ts';
import { type ComposeFile, ComposeFiles, type ReadFile, type ServiceEntry } from './file.ts';
import { mergeMaps } from './merge.ts';
import { textOf } from './nodes.ts';
import { readService } from './service.ts';

/** In the order in which Docker looks for them; it uses the first. */
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
 * takes them, and each other compose file as an application of its own. When aborted, it returns what it has read.
 *
 * @param files all files of the project, relative to its directory
 * @param budget of the evidence
 */
export async function readComposeProjects(
  files: string[],
  read: ReadFile,
  secrets: Secrets,
  signal: AbortSignal = neverAborted,
  budget = new EvidenceBudget(),
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
      const project = await readProject(group, { composeFiles, secrets, notices, signal, budget });
      projects.push(project);
      if (!budget.full) continue;
      notices.push(
        `The compose files exceed the limit of the evidence. Compose files after ${group.map((file) => singleLine(file)).join(', ')} were not read.`,
      );
      break;
    }
  });
  return { projects, notices };
}

/** The files of each application, the base first. */
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
      notices.push(`Not read, because Docker uses ${base ?? override} instead: ${namesOf(unused)}.`);
    }
    if (base !== undefined) groups.push(override === undefined ? [base] : [base, override]);
    const used = new Set([base, ...unused, ...(base === undefined ? [] : [override])]);
    for (const file of here) {
      if (used.has(file)) continue;
      const alone = base === undefined || (await composeFiles.load(file)).complete;
      groups.push(alone ? [file] : [base, file]);
      if (!alone) {
        notices.push(
          `${singleLine(file)} was merged onto ${singleLine(base)}, because some of its services have neither image nor build.`,
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
  budget: EvidenceBudget;
}

async function readProject(
  files: string[],
  { composeFiles, secrets, notices, signal, budget }: Reading,
): Promise<ComposeProject> {
  const services = new Map<string, ServiceEntry>();
  let broken: string | undefined;
  try {
    for (const file of files) {
      const loaded = await composeFiles.load(file);
      if (loaded.problem !== undefined) broken ??= `${singleLine(file)}: ${loaded.problem}`;
      noteIncludes(loaded, notices);
      for (const [name, entry] of loaded.services) {
        await pause(signal);
        const below = services.get(name);
        services.set(name, below ? { at: below.at, node: mergeMaps(below.node, entry.node) } : entry);
      }
    }
    const directory = path.posix.dirname(files[0] ?? '.');
    const awaited = new Set([...services.values()].flatMap(({ node }) => completionDependencies(node)));
    const read: ComposeService[] = [];
    for (const [name, entry] of services) {
      await pause(signal);
      const service = readService(name, entry, directory, secrets);
      if (!budget.take(service)) {
        broken ??= tooLarge;
        break;
      }
      read.push(awaited.has(name) ? { ...service, runsToCompletion: true } : service);
    }
    const inline = read.filter(({ build }) => build?.dockerfile === '(inline)').map(({ name }) => name);
    if (inline.length > 0)
      notices.push(`Inline Dockerfiles in compose files were not read: ${namesOf(inline)}.`);
    return broken === undefined ? { files, services: read } : { files, services: read, broken };
  } catch (error) {
    signal.throwIfAborted();
    return { files, services: [], broken: reasonOf(error) };
  }
}

/** Services that must complete first: `depends_on: {migrate: {condition: service_completed_successfully}}`. */
function completionDependencies(service: YamlMap): string[] {
  const conditions = service.entries.get('depends_on')?.node;
  if (conditions?.kind !== 'map') return [];
  return [...conditions.entries].flatMap(([name, { node }]) =>
    textOf(node, 'condition') === 'service_completed_successfully' ? [name] : [],
  );
}

function noteIncludes({ file, includes }: ComposeFile, notices: string[]): void {
  if (includes.length > 0)
    notices.push(`${singleLine(file)} includes files that were not read: ${namesOf(includes)}.`);
}
