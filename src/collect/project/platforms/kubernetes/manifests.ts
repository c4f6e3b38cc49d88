import type { Workload } from '../../../../evidence/workload.ts';
import { singleLine } from '../../../../text/printable.ts';
import { breathe } from '../../breathe.ts';
import { reasonOf } from '../../files/text.ts';
import { find, listOf } from '../../formats/yaml-nodes.ts';
import type { Room } from '../../room.ts';
import type { Secrets } from '../../secrets/literal-secrets.ts';
import { mappedAssignments, recordEnvironment } from '../environment.ts';
import { textsAt } from '../values.ts';
import { exposureOf } from './exposure.ts';
import { type Kustomization, Kustomizer, readKustomization, type Sources } from './kustomize.ts';
import { containersOf, type KubernetesObject, type Manifest, readManifest } from './objects.ts';
import { readPods, workloadKinds } from './pod.ts';

export interface SourceFile {
  file: string;
  text: string;
}

/** What manifests keep running, and which files could not be judged by themselves. */
export interface KubernetesReading {
  workloads: Workload[];
  /** Files that were not understood, with the reason in one line. */
  left: { file: string; reason: string }[];
}

/**
 * Reads manifests and the kustomizations that build on them. A kustomization that no other one takes is what somebody
 * applies; what it takes and the patches in it are not judged by themselves.
 *
 * @param manifests files that hold Kubernetes objects
 * @param kustomizations `kustomization.yaml` files
 * @param patch the text of any other file that a kustomization names
 */
export async function readManifests(
  manifests: SourceFile[],
  kustomizations: SourceFile[],
  patch: (file: string) => Promise<string | undefined>,
  { secrets, signal, room }: { secrets: Secrets; signal: AbortSignal; room: Room },
): Promise<KubernetesReading> {
  const read = new Map<string, Manifest>();
  for (const { file, text } of manifests) read.set(file, await readManifest(file, text, signal));
  for (const manifest of read.values()) {
    await breathe(signal);
    if ('objects' in manifest) for (const object of manifest.objects) recordSecrets(object, secrets);
  }
  const left: KubernetesReading['left'] = [];
  const all: Kustomization[] = [];
  for (const { file, text } of kustomizations) {
    try {
      all.push(await readKustomization(file, text, signal));
    } catch (error) {
      signal.throwIfAborted();
      left.push({ file, reason: reasonOf(error) });
    }
  }
  for (const { node } of all) recordGenerated(node, secrets);

  const workloads: Workload[] = [];
  const taken = new Set(all.flatMap(({ resources, patchFiles }) => [...resources, ...patchFiles]));
  const patches = new Map<string, string | undefined>();
  for (const file of all.flatMap(({ patchFiles }) => patchFiles)) patches.set(file, await patch(file));
  const kustomizer = new Kustomizer(sourcesOf(read, all, (file) => patches.get(file), signal));
  const workloadsOf = workloadReader({ secrets, signal, room }, left);
  for (const kustomization of all.filter(
    ({ directory, file }) => !taken.has(directory) && !taken.has(file),
  )) {
    try {
      const found = await workloadsOf(await kustomizer.objectsOf(kustomization));
      workloads.push(...found.map((workload) => ({ ...workload, kustomization: kustomization.file })));
    } catch (error) {
      signal.throwIfAborted();
      left.push({ file: kustomization.file, reason: reasonOf(error) });
    }
  }

  const alone = [...read].filter(([file]) => !taken.has(file));
  for (const [file, manifest] of alone)
    if ('problem' in manifest) left.push({ file, reason: manifest.problem });
  const objects = alone.flatMap(([, manifest]) => ('objects' in manifest ? manifest.objects : []));
  workloads.push(...(await workloadsOf(objects)));
  return { workloads, left };
}

function sourcesOf(
  manifests: Map<string, Manifest>,
  kustomizations: Kustomization[],
  text: Sources['text'],
  signal: AbortSignal,
): Sources {
  const byPlace = new Map<string, Kustomization>();
  for (const kustomization of kustomizations.toReversed()) {
    byPlace.set(kustomization.directory, kustomization).set(kustomization.file, kustomization);
  }
  return {
    manifest: (file) => manifests.get(file),
    kustomization: (place) => byPlace.get(place),
    text,
    signal,
  };
}

/** Objects of one set, each of which is compared with the others. No cluster of one server has as many. */
const setLimit = 2_000;

function workloadReader(
  { secrets, signal, room }: { secrets: Secrets; signal: AbortSignal; room: Room },
  left: KubernetesReading['left'],
): (objects: KubernetesObject[]) => Promise<Workload[]> {
  return async (all) => {
    const objects = all.slice(0, setLimit);
    const workloads: Workload[] = [];
    for (const { file } of all.slice(setLimit, setLimit + 1)) {
      left.push({ file, reason: `there are more than ${setLimit} objects` });
    }
    for (const object of objects) {
      await breathe(signal);
      const found = workloadsOf(object, objects, secrets, left);
      if (found.length > 0 && !room.take(found)) break;
      workloads.push(...found);
    }
    return workloads;
  };
}

function workloadsOf(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  secrets: Secrets,
  left: KubernetesReading['left'],
): Workload[] {
  const { kind, file, node } = object;
  if (!workloadKinds.has(kind)) {
    const ends = ['Job', 'CronJob'].includes(kind);
    if (!ends && containersOf(node).length > 0)
      left.push({ file, reason: `the kind ${singleLine(kind, 60)} is not known` });
    return [];
  }
  // A hook runs once, at an installation or in a test (Helm: chart hooks).
  if (find(node, ['metadata', 'annotations', 'helm.sh/hook'])) return [];
  const found = readPods(object, secrets);
  if (found.length === 0 || found.some(({ image }) => !image)) {
    left.push({ file, reason: `the ${kind} ${singleLine(object.name, 60)} is not complete` });
    return [];
  }
  const exposure = exposureOf(object, objects);
  return found.map((workload) => ({ ...workload, ...exposure }));
}

/** Values of a Secret or a ConfigMap in a repository are read by everybody who can read it. */
function recordSecrets({ kind, node }: KubernetesObject, secrets: Secrets): void {
  if (kind !== 'Secret' && kind !== 'ConfigMap') return;
  recordEnvironment(mappedAssignments(find(node, ['stringData'])), secrets);
  const data = mappedAssignments(find(node, ['data']));
  const decoded = data.map(({ value, ...rest }) => ({
    ...rest,
    value: kind === 'Secret' ? decode(value) : value,
  }));
  recordEnvironment(decoded, secrets);
  // The encoded form gives the secret away as well.
  for (const [index, { value }] of data.entries()) {
    if (kind === 'Secret' && secrets.values.has(decoded[index]?.value ?? '')) secrets.values.add(value);
  }
}

const decode = (value: string): string =>
  /^[A-Za-z0-9+/=\s]*$/.test(value) ? Buffer.from(value, 'base64').toString('utf8').trim() : value;

/** `secretGenerator: [{literals: [API_KEY=...]}]`. */
function recordGenerated(kustomization: Kustomization['node'], secrets: Secrets): void {
  for (const key of ['secretGenerator', 'configMapGenerator']) {
    for (const item of listOf(find(kustomization, [key]))) {
      const literals = textsAt(item, 'literals').map((literal) => {
        const split = literal.indexOf('=');
        return { name: literal.slice(0, Math.max(split, 0)), value: literal.slice(split + 1), at: item.at };
      });
      recordEnvironment(literals, secrets);
    }
  }
}
