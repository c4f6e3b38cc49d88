import { textAt } from '../../formats/yaml-nodes.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlSeq } from '../../formats/yaml-tree.ts';

/** The fields that identify a list's items, by the list's key (Kubernetes API: patch merge keys). Other lists are replaced. */
const mergeKeys = new Map([
  ['containers', ['name']],
  ['initContainers', ['name']],
  ['env', ['name']],
  ['volumes', ['name']],
  ['imagePullSecrets', ['name']],
  ['volumeMounts', ['mountPath']],
  ['ports', ['containerPort', 'port']],
]);

const depthLimit = 30;

/** Only kustomize itself can apply a patch. */
export class UnknownPatch extends Error {}

/**
 * Applies a strategic merge patch: maps are merged by key, lists by the identity of their items, `null` removes
 * (Kubernetes API conventions: strategic merge patch). Neither input is changed.
 *
 * @throws UnknownPatch for directives, which change what merging means
 */
export function mergePatch(base: YamlMap, patch: YamlMap, depth = 0): YamlMap {
  if (depth > depthLimit) throw new UnknownPatch('a patch is nested too deeply');
  const entries = new Map(base.entries);
  for (const [key, entry] of patch.entries) {
    if (key.startsWith('$')) throw new UnknownPatch(`a patch contains the directive ${key}`);
    const below = entries.get(key);
    if (entry.node.kind === 'scalar' && entry.node.text === null) entries.delete(key);
    else entries.set(key, below ? mergeEntry(key, below, entry, depth) : entry);
  }
  return { ...base, entries };
}

function mergeEntry(key: string, below: YamlEntry, above: YamlEntry, depth: number): YamlEntry {
  if (below.node.kind === 'map' && above.node.kind === 'map') {
    return { at: above.at, node: mergePatch(below.node, above.node, depth + 1) };
  }
  const keys = mergeKeys.get(key);
  if (keys && below.node.kind === 'seq' && above.node.kind === 'seq') {
    return { at: above.at, node: mergeLists(below.node, above.node, keys, depth) };
  }
  return above;
}

function mergeLists(base: YamlSeq, patch: YamlSeq, keys: string[], depth: number): YamlSeq {
  const identity = (item: YamlNode) =>
    keys.map((key) => textAt(item, key)).find((text) => text !== undefined);
  const items = [...base.items];
  for (const item of patch.items) {
    const id = identity(item);
    const index = items.findIndex((other) => id !== undefined && identity(other) === id);
    const below = items[index];
    if (below?.kind === 'map' && item.kind === 'map') items[index] = mergePatch(below, item, depth + 1);
    else items.push(item);
  }
  return { ...base, items };
}
