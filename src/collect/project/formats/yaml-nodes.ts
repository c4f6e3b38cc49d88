import type { YamlNode } from './yaml-tree.ts';

/** Of anything that can be listed in a deployment description. */
export const listLimit = 500;

/** The node below a path of keys; undefined when any of them is missing. */
export function find(node: YamlNode | undefined, keys: string[]): YamlNode | undefined {
  let current = node;
  for (const key of keys) {
    current = current?.kind === 'map' ? current.entries.get(key)?.node : undefined;
  }
  return current;
}

/** A list's items, at most 500; none for anything else. */
export function listOf(node: YamlNode | undefined): YamlNode[] {
  return node?.kind === 'seq' ? node.items.slice(0, listLimit) : [];
}

/** The keys and values of a map, at most 500; none for anything else. */
export function pairsOf(node: YamlNode | undefined): [string, YamlNode][] {
  if (node?.kind !== 'map') return [];
  return [...node.entries].slice(0, listLimit).map(([name, entry]) => [name, entry.node]);
}
