import path from 'node:path';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { Workload } from '../../../evidence/workload.ts';
import { singleLine } from '../../../text/printable.ts';
import { EvidenceBudget } from '../evidence-budget.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { parseTomlTree } from '../formats/toml-tree.ts';
import { parseYamlTree, type YamlNode } from '../formats/yaml-tree.ts';
import { pause, untilAborted } from '../pause.ts';
import { inspectFile, type Secrets } from '../secrets/literal-secrets.ts';
import { describeDeployment, mayDescribeDeployment, withoutChartParts } from './descriptions.ts';
import { readTaskDefinition } from './ecs.ts';
import { readFly } from './fly.ts';
import { readManifests, type SourceFile } from './kubernetes/manifests.ts';
import { readPm2 } from './pm2.ts';
import { readProcfile } from './procfile.ts';
import { readRender } from './render.ts';
import { readUnit } from './systemd/service.ts';

const descriptionLimit = 500;
const workloadLimit = 500;

interface Found extends SourceFile {
  kind: string;
  /** The file could not be read. A notice gives the reason. */
  skipped?: true;
}

type Files = Pick<ProjectFiles, 'read' | 'note' | 'signal'>;

/**
 * Reads the deployment descriptions of platforms other than compose. Never throws: a notice gives the reason for each file
 * that is not understood. When aborted, it returns what it has read.
 *
 * @param names the project's files without compose files, relative to the root
 * @param budget of the evidence
 */
export async function readWorkloads(
  names: string[],
  files: Files,
  secrets: Secrets,
  budget = new EvidenceBudget(),
): Promise<Pick<ProjectEvidence, 'workloads' | 'unread'>> {
  const { signal } = files;
  const all: Found[] = [];
  const skipped = new Map<string, string>();
  const workloads: Workload[] = [];
  const keep = (read: Workload[]) => {
    if (read.length > 0 && budget.take(read)) workloads.push(...read);
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
      budget,
    });
    workloads.push(...kubernetes.workloads);
    for (const { file, reason } of kubernetes.skipped) skipped.set(file, reason);
    for (const unit of ofKind('systemd unit')) {
      const dropIns = names
        .filter((name) => name.startsWith(`${unit.file}.d/`) && name.endsWith('.conf'))
        .sort();
      const texts: { file: string; text: string }[] = [];
      for (const file of dropIns) texts.push({ file, text: (await textOf(file)) ?? '' });
      await pause(signal);
      keep([readUnit(unit, texts, secrets) ?? []].flat());
    }
    for (const description of found) {
      await pause(signal);
      const reading = await readOne(description, secrets, signal);
      if (reading === undefined) continue;
      if ('workloads' in reading) keep(reading.workloads);
      else skipped.set(description.file, reading.problem);
    }
    for (const { file, kind, text } of found) {
      await pause(signal);
      if (kind === 'Kubernetes manifest' || kind === 'Kustomization') inspectFile(secrets, file, text);
    }
  });
  if (budget.full) {
    files.note('The deployment descriptions exceed the limit of the evidence. Some of them were not read.');
  }
  for (const [file, reason] of skipped) {
    files.note(`${singleLine(file)} was not read: ${singleLine(reason)}.`);
  }
  if (workloads.length > workloadLimit)
    files.note(`Only the first ${workloadLimit} workloads were recorded.`);
  const unread = all.filter(
    (found) => found.skipped || skipped.has(found.file) || !isSupported(found.kind, found.file),
  );
  return {
    workloads: workloads.slice(0, workloadLimit),
    unread: unread.map(({ file, kind }) => ({ file, kind })),
  };
}

/** Every description with its text. Of a Helm chart, the chart alone. */
async function findDescriptions(names: string[], files: Files): Promise<Found[]> {
  const found: Found[] = [];
  for (const file of names) {
    if (!mayDescribeDeployment(file)) continue;
    if (found.length === descriptionLimit) {
      files.note(`Only the first ${descriptionLimit} deployment descriptions were read.`);
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

/** Readers of the formats with one file. */
const readers: Record<string, (root: YamlNode, directory: string, secrets: Secrets) => Workload[]> = {
  'Fly.io app': readFly,
  'Render blueprint': (root, _, secrets) => readRender(root, secrets),
  'ECS task definition': (root, _, secrets) => readTaskDefinition(root, secrets),
  'PM2 ecosystem file': (root, _, secrets) => readPm2(root, secrets),
};

/** An ecosystem file in JavaScript is a program, which is not executed. */
const isSupported = (kind: string, file: string): boolean =>
  !/\.[cm]?[jt]s$/.test(file) &&
  (kind in readers || ['Kubernetes manifest', 'Kustomization', 'systemd unit', 'Procfile'].includes(kind));

async function readOne(
  { file, kind, text }: Found,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<{ workloads: Workload[] } | { problem: string } | undefined> {
  if (kind === 'Procfile') return { workloads: readProcfile(file, text, secrets) };
  const reader = readers[kind];
  if (!reader || !isSupported(kind, file)) return undefined;
  inspectFile(secrets, file, text);
  const { root, problem } = file.endsWith('.toml')
    ? parseTomlTree(text, file)
    : await parseYamlTree(text, file, signal);
  if (!root) return { problem: problem ?? 'the file is empty' };
  return { workloads: reader(root, path.posix.dirname(file), secrets) };
}
