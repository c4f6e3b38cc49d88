import type { Workload } from '../../../../evidence/workload.ts';
import { singleLine } from '../../../../text/printable.ts';
import type { EvidenceBudget } from '../../evidence-budget.ts';
import { reasonOf, splitAssignment } from '../../files/text.ts';
import { find, listOf } from '../../formats/yaml-nodes.ts';
import { pause } from '../../pause.ts';
import type { Secrets } from '../../secrets/literal-secrets.ts';
import { mappedAssignments, recordEnvironment } from '../environment.ts';
import { textsAt } from '../values.ts';
import { exposureOf } from './exposure.ts';
import { type Kustomization, Kustomizer, patchFilesOf, readKustomization } from './kustomize.ts';
import { containersOf, type KubernetesObject, type Manifest, readManifest } from './objects.ts';
import { readPods, workloadKinds } from './pod.ts';

export interface SourceFile {
  file: string;
  text: string;
}

interface KubernetesReading {
  workloads: Workload[];
  skipped: Skipped[];
}

/** A file that was not understood, with the reason in one line. */
interface Skipped {
  file: string;
  reason: string;
}

interface Recording {
  secrets: Secrets;
  signal: AbortSignal;
  budget: EvidenceBudget;
}

/**
 * Reads manifests and the kustomizations that build on them. A kustomization that no other one includes is deployed. The
 * files that it includes are not judged separately.
 *
 * @param manifests files with Kubernetes objects
 * @param kustomizationFiles `kustomization.yaml` files
 * @param patch the text of a file that a kustomization names as a patch
 */
export async function readManifests(
  manifests: SourceFile[],
  kustomizationFiles: SourceFile[],
  patch: (file: string) => Promise<string | undefined>,
  { secrets, signal, budget }: Recording,
): Promise<KubernetesReading> {
  const read = new Map<string, Manifest>();
  for (const { file, text } of manifests) read.set(file, await readManifest(file, text, signal));
  for (const manifest of read.values()) {
    await pause(signal);
    if ('objects' in manifest) for (const object of manifest.objects) recordSecrets(object, secrets);
  }
  const skipped: Skipped[] = [];
  const all: Kustomization[] = [];
  for (const { file, text } of kustomizationFiles) {
    try {
      all.push(await readKustomization(file, text, signal));
    } catch (error) {
      signal.throwIfAborted();
      skipped.push({ file, reason: reasonOf(error) });
    }
  }
  for (const { node } of all) recordGenerated(node, secrets);

  const workloads: Workload[] = [];
  const included = new Set(all.flatMap((one) => [...one.resources, ...patchFilesOf(one)]));
  const patches = new Map<string, string | undefined>();
  for (const file of all.flatMap(patchFilesOf)) patches.set(file, await patch(file));
  // The first kustomization of a directory wins.
  const byPath = all.toReversed().flatMap((one): [string, Kustomization][] => [
    [one.directory, one],
    [one.file, one],
  ]);
  const kustomizations = new Map(byPath);
  const kustomizer = new Kustomizer({ manifests: read, kustomizations, patches, signal });
  const workloadsOf = workloadReader({ secrets, signal, budget }, skipped);
  for (const kustomization of all.filter(
    ({ directory, file }) => !included.has(directory) && !included.has(file),
  )) {
    try {
      const found = await workloadsOf(await kustomizer.objectsOf(kustomization));
      workloads.push(...found.map((workload) => ({ ...workload, kustomization: kustomization.file })));
    } catch (error) {
      signal.throwIfAborted();
      skipped.push({ file: kustomization.file, reason: reasonOf(error) });
    }
  }

  const alone = [...read].filter(([file]) => !included.has(file));
  for (const [file, manifest] of alone)
    if ('problem' in manifest) skipped.push({ file, reason: manifest.problem });
  const objects = alone.flatMap(([, manifest]) => ('objects' in manifest ? manifest.objects : []));
  workloads.push(...(await workloadsOf(objects)));
  return { workloads, skipped };
}

/** Objects of one set: each is compared with the others. */
const setLimit = 2_000;

function workloadReader(
  { secrets, signal, budget }: Recording,
  skipped: Skipped[],
): (objects: KubernetesObject[]) => Promise<Workload[]> {
  return async (all) => {
    const objects = all.slice(0, setLimit);
    const workloads: Workload[] = [];
    for (const { file } of all.slice(setLimit, setLimit + 1)) {
      skipped.push({ file, reason: `more than ${setLimit} objects` });
    }
    for (const object of objects) {
      await pause(signal);
      const found = workloadsOf(object, objects, secrets, skipped);
      if (found.length > 0 && !budget.take(found)) break;
      workloads.push(...found);
    }
    return workloads;
  };
}

function workloadsOf(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  secrets: Secrets,
  skipped: Skipped[],
): Workload[] {
  const { kind, file, node } = object;
  if (!workloadKinds.has(kind)) {
    const ends = ['Job', 'CronJob'].includes(kind);
    if (!ends && containersOf(node).length > 0)
      skipped.push({ file, reason: `unknown kind ${singleLine(kind, 60)}` });
    return [];
  }
  // A hook runs once, for an installation or a test (Helm: chart hooks).
  if (find(node, 'metadata', 'annotations', 'helm.sh/hook')) return [];
  const found = readPods(object, secrets);
  if (found.length === 0 || found.some(({ image }) => !image)) {
    skipped.push({ file, reason: `${kind} ${singleLine(object.name, 60)} lacks a container or its image` });
    return [];
  }
  const exposure = exposureOf(object, objects);
  return found.map((workload) => ({ ...workload, ...exposure }));
}

/** A repository exposes the values of a Secret and a ConfigMap in it. */
function recordSecrets({ kind, node }: KubernetesObject, secrets: Secrets): void {
  if (kind !== 'Secret' && kind !== 'ConfigMap') return;
  recordEnvironment(mappedAssignments(find(node, 'stringData')), secrets);
  const data = mappedAssignments(find(node, 'data'));
  const decoded = data.map(({ value, ...rest }) => ({
    ...rest,
    value: kind === 'Secret' ? decode(value) : value,
  }));
  recordEnvironment(decoded, secrets);
  // The encoded form exposes the secret as well.
  for (const [index, { value }] of data.entries()) {
    if (kind === 'Secret' && secrets.values.has(decoded[index]?.value ?? '')) secrets.values.add(value);
  }
}

const decode = (value: string): string =>
  /^[A-Za-z0-9+/=\s]*$/.test(value) ? Buffer.from(value, 'base64').toString('utf8').trim() : value;

/** `secretGenerator: [{literals: [API_KEY=...]}]`. */
function recordGenerated(kustomization: Kustomization['node'], secrets: Secrets): void {
  for (const key of ['secretGenerator', 'configMapGenerator']) {
    for (const item of listOf(kustomization, key)) {
      const literals = textsAt(item, 'literals').map(splitAssignment);
      recordEnvironment(
        literals.map(({ name, value = '' }) => ({ name, value, at: item.at })),
        secrets,
      );
    }
  }
}
