import type { YamlMap, YamlNode } from './yaml-tree.ts';

/** The most items of a list that are read. */
export const listLimit = 500;

/** The node below a path of keys; undefined when any of them is missing. */
export function find(node: YamlNode | undefined, ...keys: string[]): YamlNode | undefined {
  let current = node;
  for (const key of keys) {
    current = current?.kind === 'map' ? current.entries.get(key)?.node : undefined;
  }
  return current;
}

/** The items of the list below a path of keys, at most 500; none for anything else. */
export function listOf(node: YamlNode | undefined, ...keys: string[]): YamlNode[] {
  const found = find(node, ...keys);
  return found?.kind === 'seq' ? found.items.slice(0, listLimit) : [];
}

/** The keys and values of the map below a path of keys, at most 500; none for anything else. */
export function pairsOf(node: YamlNode | undefined, ...keys: string[]): [string, YamlNode][] {
  const found = find(node, ...keys);
  if (found?.kind !== 'map') return [];
  return [...found.entries].slice(0, listLimit).map(([name, entry]) => [name, entry.node]);
}

/** The scalar's text below a path of keys; undefined when there is none. */
export function textAt(node: YamlNode | undefined, ...keys: string[]): string | undefined {
  const found = find(node, ...keys);
  return found?.kind === 'scalar' && found.text !== null ? found.text : undefined;
}

/** A list's items, or the one scalar in its place. */
export const scalarsOf = (node: YamlNode | undefined): YamlNode[] =>
  node?.kind === 'scalar' ? [node] : listOf(node);

/** A copy of a map with one more entry, or with another one under this key. */
export const withEntry = (map: YamlMap, key: string, node: YamlNode, at = node.at): YamlMap => ({
  ...map,
  entries: new Map(map.entries).set(key, { node, at }),
});
