import path from 'node:path';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { Workload } from '../../../evidence/workload.ts';
import { singleLine } from '../../../text/printable.ts';
import { breathe, untilAborted } from '../breathe.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { parseTomlTree } from '../formats/toml-tree.ts';
import { parseYamlTree, type YamlNode } from '../formats/yaml-tree.ts';
import { Room } from '../room.ts';
import { inspectFile, type Secrets } from '../secrets/literal-secrets.ts';
import { readTaskDefinition } from './ecs.ts';
import { readFly } from './fly.ts';
import { readManifests, type SourceFile } from './kubernetes/manifests.ts';
import { readPm2 } from './pm2.ts';
import { readProcfile } from './procfile.ts';
import { readRender } from './render.ts';
import { readUnit } from './systemd/service.ts';
import { describeDeployment, mayDescribeDeployment, withoutChartParts } from './unread.ts';

/** Descriptions of one project. Monorepos of platform teams have more, and no server in particular. */
const descriptionLimit = 500;
const workloadLimit = 500;

interface Found extends SourceFile {
  kind: string;
  /** It could not be read, and a notice says so. */
  skipped?: true;
}

/** The project's files as this reads them. */
export type Files = Pick<ProjectFiles, 'read' | 'note' | 'signal'>;

/**
 * Reads the deployment descriptions of platforms other than compose. Never throws: what is not understood stays unread,
 * with a notice that says why. When it is aborted, it gives what it has by then.
 *
 * @param names the project's files, relative to its root, compose files left out
 * @param room for what is recorded
 */
export async function readWorkloads(
  names: string[],
  files: Files,
  secrets: Secrets,
  room = new Room(),
): Promise<Pick<ProjectEvidence, 'workloads' | 'unread'>> {
  const { signal } = files;
  const all: Found[] = [];
  const left = new Map<string, string | undefined>();
  const workloads: Workload[] = [];
  const keep = (read: Workload[]) => {
    if (read.length > 0 && room.take(read)) workloads.push(...read);
  };
  const textOf = async (file: string) => {
    const content = await files.read(file);
    return 'text' in content ? content.text : undefined;
  };

  await untilAborted(signal, async () => {
    all.push(...(await findDescriptions(names, files)));
    const found = all.filter(({ skipped }) => !skipped);
    const ofKind = (kind: string) => found.filter((description) => description.kind === kind);
    const kubernetes = await readManifests(ofKind('Kubernetes manifest'), ofKind('Kustomization'), textOf, {
      secrets,
      signal,
      room,
    });
    workloads.push(...kubernetes.workloads);
    for (const { file, reason } of kubernetes.left) left.set(file, reason);
    for (const unit of ofKind('systemd unit')) {
      const dropIns = names
        .filter((name) => name.startsWith(`${unit.file}.d/`) && name.endsWith('.conf'))
        .sort();
      const texts: { file: string; text: string }[] = [];
      for (const file of dropIns) texts.push({ file, text: (await textOf(file)) ?? '' });
      await breathe(signal);
      keep([readUnit(unit, texts, secrets) ?? []].flat());
    }
    for (const description of found) {
      await breathe(signal);
      const reading = await readOne(description, secrets, signal);
      if (reading === undefined) continue;
      if ('workloads' in reading) keep(reading.workloads);
      else left.set(description.file, reading.problem);
    }
    for (const { file, kind, text } of found) {
      await breathe(signal);
      if (kind === 'Kubernetes manifest' || kind === 'Kustomization') inspectFile(secrets, file, text);
    }
  });
  if (room.full) files.note('Deployment descriptions declare too much to record: not all of it was read.');
  for (const [file, reason] of left)
    if (reason) files.note(`Not read: ${singleLine(file)}: ${singleLine(reason)}.`);
  if (workloads.length > workloadLimit) files.note(`Only the first ${workloadLimit} workloads were kept.`);
  const unread = all.filter(({ file, kind, skipped }) => skipped || left.has(file) || !isRead(kind, file));
  return {
    workloads: workloads.slice(0, workloadLimit),
    unread: unread.map(({ file, kind }) => ({ file, kind })),
  };
}

/** Every description with its text; within a Helm chart only the chart itself. */
async function findDescriptions(names: string[], files: Files): Promise<Found[]> {
  const found: Found[] = [];
  for (const file of names) {
    if (mayDescribeDeployment(file) === undefined) continue;
    if (found.length === descriptionLimit) {
      files.note(`Only the first ${descriptionLimit} deployment descriptions were looked at.`);
      break;
    }
    const content = await files.read(file);
    const text = 'text' in content ? content.text : '';
    const kind = describeDeployment(file, text);
    if (kind === undefined) continue;
    found.push({ file, kind, text, ...('skipped' in content ? { skipped: true } : {}) });
  }
  return withoutChartParts(found);
}

/** Readers of formats that stand in one file each. */
const readers: Record<string, (root: YamlNode, directory: string, secrets: Secrets) => Workload[]> = {
  'Fly.io app': readFly,
  'Render blueprint': (root, _, secrets) => readRender(root, secrets),
  'ECS task definition': (root, _, secrets) => readTaskDefinition(root, secrets),
  'PM2 ecosystem file': (root, _, secrets) => readPm2(root, secrets),
};

/** An ecosystem file in JavaScript is a program. */
const isRead = (kind: string, file: string): boolean =>
  !/\.[cm]?[jt]s$/.test(file) &&
  (kind in readers || ['Kubernetes manifest', 'Kustomization', 'systemd unit', 'Procfile'].includes(kind));

async function readOne(
  { file, kind, text }: Found,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<{ workloads: Workload[] } | { problem: string } | undefined> {
  if (kind === 'Procfile') return { workloads: readProcfile(file, text, secrets) };
  const reader = readers[kind];
  if (!reader || !isRead(kind, file)) return undefined;
  inspectFile(secrets, file, text);
  const { root, problem } = file.endsWith('.toml')
    ? parseTomlTree(text, file)
    : await parseYamlTree(text, file, signal);
  if (!root) return { problem: problem ?? 'it is empty' };
  return { workloads: reader(root, path.posix.dirname(file), secrets) };
}
