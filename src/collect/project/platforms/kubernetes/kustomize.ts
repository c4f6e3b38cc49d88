import path from 'node:path';
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
}

const depthLimit = 10;

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
export function readKustomization(file: string, text: string): Kustomization {
  const { roots, problem } = parseYamlTrees(text, file);
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

/**
 * The objects that a kustomization gives (Kustomize: resources, patches, replicas).
 *
 * @throws UnknownPatch with the reason, where what it gives cannot be known from files
 */
export function buildObjects(kustomization: Kustomization, sources: Sources, depth = 0): KubernetesObject[] {
  if (depth > depthLimit) throw new UnknownPatch('it goes too deep');
  const { node, resources } = kustomization;
  const strange = beyond.find((key) => find(node, [key]));
  if (strange) throw new UnknownPatch(`it has ${strange}`);
  let objects = resources.flatMap((name) => {
    const below = sources.kustomization(name);
    if (below) return buildObjects(below, sources, depth + 1);
    const manifest = sources.manifest(name);
    if (!manifest) throw new UnknownPatch(`${name} is not in the project`);
    if ('problem' in manifest) throw new UnknownPatch(`${name}: ${manifest.problem}`);
    return manifest.objects;
  });
  for (const patch of patchesOf(kustomization, sources)) objects = applyPatch(objects, patch);
  return objects.map((object) => withReplicas(object, node));
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

function applyPatch(objects: KubernetesObject[], { text, file, target }: Patch): KubernetesObject[] {
  const { roots, problem } = parseYamlTrees(text, file);
  if (problem !== undefined) throw new UnknownPatch(`${file}: ${problem}`);
  return roots.reduce((all, root) => {
    if (root.kind === 'seq') return applyOperations(all, root.items, target, file);
    const [patch] = objectsOf(file, root);
    if (!patch && !target) throw new UnknownPatch(`${file}: a patch names nothing that it changes`);
    if (root.kind !== 'map') return all;
    return all.map((object) =>
      isTarget(object, target ?? root, target === undefined)
        ? { ...object, node: mergePatch(object.node, withoutIdentity(root)) }
        : object,
    );
  }, objects);
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
