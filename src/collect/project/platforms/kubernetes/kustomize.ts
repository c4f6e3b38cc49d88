import path from 'node:path';
import { breathe } from '../../breathe.ts';
import { find, listOf, pairsOf } from '../../formats/yaml-nodes.ts';
import { parseYamlTrees, type YamlMap, type YamlNode } from '../../formats/yaml-tree.ts';
import { textAt, textsAt } from '../values.ts';
import { type KubernetesObject, type Manifest, objectsOf } from './objects.ts';
import { mergePatch, UnknownPatch } from './patch.ts';

/** What a kustomization takes and changes, as far as it can be followed. */
export interface Kustomization {
  file: string;
  directory: string;
  node: YamlNode;
  /** Files and directories, relative to the root. */
  resources: string[];
  /** Files that hold patches, relative to the root. */
  patchFiles: string[];
}

/** Gives what was read of a project's files. */
export interface Sources {
  manifest: (file: string) => Manifest | undefined;
  /** The text of a file that a patch is in. */
  text: (file: string) => string | undefined;
  kustomization: (directory: string) => Kustomization | undefined;
  signal: AbortSignal;
}

/** What a kustomization gives, and how many others stand below each other in it. */
interface Built {
  objects: KubernetesObject[];
  depth: number;
}

const depthLimit = 10;

/** Objects of one kustomization, which may take another one any number of times. */
const objectLimit = 1_000;

/** What changes objects in ways that only kustomize itself can follow. */
const beyond = [
  'components',
  'transformers',
  'helmCharts',
  'helmChartInflationGenerator',
  'replacements',
  'crds',
];

/** @throws Error for what is no kustomization */
export async function readKustomization(
  file: string,
  text: string,
  signal: AbortSignal,
): Promise<Kustomization> {
  const { roots, problem } = await parseYamlTrees(text, file, signal);
  if (problem !== undefined) throw new Error(problem);
  const [node] = roots;
  if (node?.kind !== 'map') throw new Error('it is no map');
  const directory = path.posix.dirname(file);
  const inside = (name: string) => path.posix.join(directory, name).replace(/(.)\/$/, '$1');
  const listed = [...listOf(find(node, ['patches'])), ...listOf(find(node, ['patchesJson6902']))];
  const patchFiles = [
    ...listed.flatMap((patch) => textAt(patch, 'path') ?? []),
    ...textsAt(node, 'patchesStrategicMerge').filter((name) => !name.includes('\n')),
  ];
  return {
    file,
    directory,
    node,
    resources: [...textsAt(node, 'resources'), ...textsAt(node, 'bases')].map((name) =>
      /^[\w+.-]+:\/\/|^git@|^github\.com\//.test(name) ? name : inside(name),
    ),
    patchFiles: patchFiles.map(inside),
  };
}

/** Builds kustomizations out of each other, each once. */
export class Kustomizer {
  private readonly sources: Sources;
  private readonly built = new Map<Kustomization, Built>();

  constructor(sources: Sources) {
    this.sources = sources;
  }

  /**
   * The objects that a kustomization gives (Kustomize: resources, patches, replicas).
   *
   * @throws UnknownPatch with the reason, where what it gives cannot be known from files
   */
  async objectsOf(kustomization: Kustomization): Promise<KubernetesObject[]> {
    return (await this.build(kustomization, 0)).objects;
  }

  private async build(kustomization: Kustomization, above: number): Promise<Built> {
    await breathe(this.sources.signal);
    const known = this.built.get(kustomization);
    if (above + (known?.depth ?? 0) > depthLimit) throw new UnknownPatch('it goes too deep');
    if (known) return known;
    const { node, resources } = kustomization;
    const strange = beyond.find((key) => find(node, [key]));
    if (strange) throw new UnknownPatch(`it has ${strange}`);
    let objects: KubernetesObject[] = [];
    let depth = 0;
    for (const name of resources) {
      const below = this.sources.kustomization(name);
      const part = below ? await this.build(below, above + 1) : { objects: this.manifestAt(name), depth: -1 };
      objects.push(...part.objects);
      depth = Math.max(depth, part.depth + 1);
      if (objects.length > objectLimit) throw new UnknownPatch(`it has more than ${objectLimit} objects`);
    }
    for (const patch of patchesOf(kustomization, this.sources)) {
      objects = await applyPatch(objects, patch, this.sources.signal);
    }
    const built = { objects: objects.map((object) => withReplicas(object, node)), depth };
    this.built.set(kustomization, built);
    return built;
  }

  private manifestAt(name: string): KubernetesObject[] {
    const manifest = this.sources.manifest(name);
    if (!manifest) throw new UnknownPatch(`${name} is not in the project`);
    if ('problem' in manifest) throw new UnknownPatch(`${name}: ${manifest.problem}`);
    return manifest.objects;
  }
}

interface Patch {
  text: string;
  file: string;
  /** The line of the kustomization that an inline patch begins behind. */
  target: YamlNode | undefined;
}

function patchesOf({ node, directory, file }: Kustomization, sources: Sources): Patch[] {
  const fromFile = (name: string, target?: YamlNode): Patch => {
    const joined = path.posix.join(directory, name);
    const text = sources.text(joined);
    if (text === undefined) throw new UnknownPatch(`${joined} is not in the project`);
    return { text, file: joined, target };
  };
  const listed = [...listOf(find(node, ['patches'])), ...listOf(find(node, ['patchesJson6902']))];
  return [
    ...textsAt(node, 'patchesStrategicMerge').map((name) =>
      name.includes('\n') ? { text: name, file, target: undefined } : fromFile(name),
    ),
    ...listed.map((item) => {
      const target = find(item, ['target']);
      const name = textAt(item, 'path');
      return name === undefined
        ? { text: textAt(item, 'patch') ?? '', file, target }
        : fromFile(name, target);
    }),
  ];
}

async function applyPatch(
  objects: KubernetesObject[],
  { text, file, target }: Patch,
  signal: AbortSignal,
): Promise<KubernetesObject[]> {
  const { roots, problem } = await parseYamlTrees(text, file, signal);
  if (problem !== undefined) throw new UnknownPatch(`${file}: ${problem}`);
  let all = objects;
  for (const root of roots) {
    await breathe(signal);
    if (root.kind === 'seq') {
      all = applyOperations(all, root.items, target, file);
      continue;
    }
    const [patch] = objectsOf(file, root);
    if (!patch && !target) throw new UnknownPatch(`${file}: a patch names nothing that it changes`);
    if (root.kind !== 'map') continue;
    all = all.map((object) =>
      isTarget(object, target ?? root, target === undefined)
        ? { ...object, node: mergePatch(object.node, withoutIdentity(root)) }
        : object,
    );
  }
  return all;
}

/** What a patch says of kind and name tells what it is for; with a target it may be anything. */
function withoutIdentity(patch: YamlMap): YamlMap {
  const entries = new Map([...patch.entries].filter(([key]) => !['kind', 'apiVersion'].includes(key)));
  return { ...patch, entries };
}

/** JSON patches (RFC 6902) of anything but metadata and the number of replicas are not followed. */
function applyOperations(
  objects: KubernetesObject[],
  operations: YamlNode[],
  target: YamlNode | undefined,
  file: string,
): KubernetesObject[] {
  const changesPods = operations.some(
    (operation) => !/^\/(?:metadata|spec\/replicas)\b/.test(textAt(operation, 'path') ?? ''),
  );
  const touches = objects.some(
    (object) => isTarget(object, target, false) && find(object.node, ['spec', 'template']),
  );
  if (changesPods && touches) throw new UnknownPatch(`${file}: it changes pods by a JSON patch`);
  return objects;
}

/** The names of a target are regular expressions; those of a patch are plain. */
function isTarget(object: KubernetesObject, target: YamlNode | undefined, plain: boolean): boolean {
  if (find(target, ['labelSelector']) || find(target, ['annotationSelector'])) {
    throw new UnknownPatch('a patch chooses by labels');
  }
  const name = plain ? textAt(target, 'metadata', 'name') : textAt(target, 'name');
  const kind = textAt(target, 'kind');
  if (kind !== undefined && kind !== object.kind) return false;
  if (name === undefined) return !plain;
  if (plain || /^[\w.-]+$/.test(name)) return name === object.name;
  if (name === '.*') return true;
  throw new UnknownPatch('a patch chooses by a pattern');
}

function withReplicas(object: KubernetesObject, kustomization: YamlNode): KubernetesObject {
  const replicas = listOf(find(kustomization, ['replicas'])).find(
    (item) => textAt(item, 'name') === object.name,
  );
  const count = find(replicas, ['count']);
  const spec = find(object.node, ['spec']);
  if (!count || spec?.kind !== 'map' || !pairsOf(spec).length) return object;
  const entry = { node: count, at: count.at };
  const node = { ...spec, entries: new Map(spec.entries).set('replicas', entry) };
  const entries = new Map(object.node.entries).set('spec', { node, at: node.at });
  return { ...object, node: { ...object.node, entries } };
}
