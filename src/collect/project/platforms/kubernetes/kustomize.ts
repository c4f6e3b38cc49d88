import path from 'node:path';
import { find, listOf, pairsOf, textAt, withEntry } from '../../formats/yaml-nodes.ts';
import { parseYamlTrees, type YamlMap, type YamlNode } from '../../formats/yaml-tree.ts';
import { pause } from '../../pause.ts';
import { textsAt } from '../values.ts';
import { type KubernetesObject, type Manifest, objectsOf } from './objects.ts';
import { mergePatch, UnknownPatch } from './patch.ts';

/** What a kustomization builds on and changes, as far as files show it. */
export interface Kustomization {
  file: string;
  directory: string;
  node: YamlNode;
  /** Files and directories, relative to the root. */
  resources: string[];
  patches: Patch[];
}

interface Patch {
  /** Where the patch is, relative to the root. */
  file: string;
  /** The text of an inline patch; undefined where `file` contains it. */
  inline: string | undefined;
  target: YamlNode | undefined;
}

interface Sources {
  manifests: ReadonlyMap<string, Manifest>;
  /** By directory and by file. */
  kustomizations: ReadonlyMap<string, Kustomization>;
  /** The texts of the files that contain patches. */
  patches: ReadonlyMap<string, string | undefined>;
  signal: AbortSignal;
}

/** The objects of a kustomization, and the length of the longest chain of kustomizations below it. */
interface Built {
  objects: KubernetesObject[];
  depth: number;
}

const depthLimit = 10;

/** Objects of one kustomization, which may include another one any number of times. */
const objectLimit = 1_000;

/** Fields that only kustomize itself can evaluate. */
const unsupportedKeys =
  'components transformers helmCharts helmChartInflationGenerator replacements crds'.split(' ');

/** @throws Error when the file is not a kustomization */
export async function readKustomization(
  file: string,
  text: string,
  signal: AbortSignal,
): Promise<Kustomization> {
  const { roots, problem } = await parseYamlTrees(text, file, signal);
  if (problem !== undefined) throw new Error(problem);
  const [node] = roots;
  if (node?.kind !== 'map') throw new Error('the file is not a map');
  const directory = path.posix.dirname(file);
  const inside = (name: string) => path.posix.join(directory, name).replace(/(.)\/$/, '$1');
  const strategic = textsAt(node, 'patchesStrategicMerge').map((text): Patch => {
    const inline = text.includes('\n') ? text : undefined;
    return { file: inline === undefined ? inside(text) : file, inline, target: undefined };
  });
  const listed = [...listOf(node, 'patches'), ...listOf(node, 'patchesJson6902')].map((item): Patch => {
    const name = textAt(item, 'path');
    const inline = name === undefined ? (textAt(item, 'patch') ?? '') : undefined;
    return { file: name === undefined ? file : inside(name), inline, target: find(item, 'target') };
  });
  return {
    file,
    directory,
    node,
    resources: [...textsAt(node, 'resources'), ...textsAt(node, 'bases')].map((name) =>
      /^[\w+.-]+:\/\/|^git@|^github\.com\//.test(name) ? name : inside(name),
    ),
    patches: [...strategic, ...listed],
  };
}

/** Files that contain patches, relative to the root. */
export const patchFilesOf = ({ patches }: Kustomization): string[] =>
  patches.flatMap(({ file, inline }) => (inline === undefined ? [file] : []));

/** Builds each kustomization once, with those that it includes. */
export class Kustomizer {
  private readonly sources: Sources;
  private readonly built = new Map<Kustomization, Built>();

  constructor(sources: Sources) {
    this.sources = sources;
  }

  /**
   * The objects of a kustomization (Kustomize: resources, patches, replicas).
   *
   * @throws UnknownPatch with the reason, where files alone do not determine the objects
   */
  async objectsOf(kustomization: Kustomization): Promise<KubernetesObject[]> {
    return (await this.build(kustomization, 0)).objects;
  }

  private async build(kustomization: Kustomization, above: number): Promise<Built> {
    await pause(this.sources.signal);
    const known = this.built.get(kustomization);
    if (above + (known?.depth ?? 0) > depthLimit)
      throw new UnknownPatch('the kustomizations are nested too deeply');
    if (known) return known;
    const { node, resources, patches } = kustomization;
    const unsupported = unsupportedKeys.find((key) => find(node, key));
    if (unsupported) throw new UnknownPatch(`the audit does not evaluate ${unsupported}`);
    let objects: KubernetesObject[] = [];
    let depth = 0;
    for (const name of resources) {
      const below = this.sources.kustomizations.get(name);
      const part = below ? await this.build(below, above + 1) : { objects: this.manifestAt(name), depth: -1 };
      objects.push(...part.objects);
      depth = Math.max(depth, part.depth + 1);
      if (objects.length > objectLimit) throw new UnknownPatch(`more than ${objectLimit} objects`);
    }
    for (const patch of patches) objects = await applyPatch(objects, patch, this.sources);
    const built = { objects: objects.map((object) => withReplicas(object, node)), depth };
    this.built.set(kustomization, built);
    return built;
  }

  private manifestAt(name: string): KubernetesObject[] {
    const manifest = this.sources.manifests.get(name);
    if (!manifest) throw new UnknownPatch(`${name} is not in the project`);
    if ('problem' in manifest) throw new UnknownPatch(`${name}: ${manifest.problem}`);
    return manifest.objects;
  }
}

async function applyPatch(
  objects: KubernetesObject[],
  { file, inline, target }: Patch,
  { patches, signal }: Sources,
): Promise<KubernetesObject[]> {
  const text = inline ?? patches.get(file);
  if (text === undefined) throw new UnknownPatch(`${file} is not in the project`);
  const { roots, problem } = await parseYamlTrees(text, file, signal);
  if (problem !== undefined) throw new UnknownPatch(`${file}: ${problem}`);
  let all = objects;
  for (const root of roots) {
    await pause(signal);
    if (root.kind === 'seq') {
      all = applyOperations(all, root.items, target, file);
      continue;
    }
    const [patch] = objectsOf(file, root);
    if (!patch && !target) throw new UnknownPatch(`${file}: a patch has neither a kind nor a target`);
    if (root.kind !== 'map') continue;
    all = all.map((object) =>
      isTarget(object, target ?? root, target === undefined)
        ? { ...object, node: mergePatch(object.node, withoutIdentity(root)) }
        : object,
    );
  }
  return all;
}

/** Kind and version of a patch select the object, and do not change it. */
function withoutIdentity(patch: YamlMap): YamlMap {
  const entries = new Map([...patch.entries].filter(([key]) => !['kind', 'apiVersion'].includes(key)));
  return { ...patch, entries };
}

/** JSON patches (RFC 6902) are not applied. Those of metadata and of the replica count are ignored. */
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
    (object) => isTarget(object, target, false) && find(object.node, 'spec', 'template'),
  );
  if (changesPods && touches) throw new UnknownPatch(`${file}: a JSON patch changes pods`);
  return objects;
}

/** The names of a target are regular expressions; those of a patch are plain. */
function isTarget(object: KubernetesObject, target: YamlNode | undefined, plain: boolean): boolean {
  if (find(target, 'labelSelector') || find(target, 'annotationSelector')) {
    throw new UnknownPatch('a patch selects objects by labels or annotations');
  }
  const name = plain ? textAt(target, 'metadata', 'name') : textAt(target, 'name');
  const kind = textAt(target, 'kind');
  if (kind !== undefined && kind !== object.kind) return false;
  if (name === undefined) return !plain;
  if (plain || /^[\w.-]+$/.test(name)) return name === object.name;
  if (name === '.*') return true;
  throw new UnknownPatch('a patch selects objects by a pattern');
}

function withReplicas(object: KubernetesObject, kustomization: YamlNode): KubernetesObject {
  const replicas = listOf(kustomization, 'replicas').find((item) => textAt(item, 'name') === object.name);
  const count = find(replicas, 'count');
  const spec = find(object.node, 'spec');
  if (!count || spec?.kind !== 'map' || !pairsOf(spec).length) return object;
  return { ...object, node: withEntry(object.node, 'spec', withEntry(spec, 'replicas', count)) };
}
