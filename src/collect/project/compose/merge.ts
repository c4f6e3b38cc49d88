import { splitAssignment } from '../files/text.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSeq } from '../formats/yaml-tree.ts';

/** Lists of these keys are replaced as a whole; other lists are joined (Compose specification: merge). */
const replacedLists = new Set(['command', 'entrypoint', 'test']);

/** A list of `NAME=value` or a map; both are merged as maps. */
const namedLists = new Set(['environment', 'labels', 'args', 'extra_hosts', 'sysctls', 'annotations']);

/** Aliases share values, so that merging could take forever. */
const depthLimit = 20;

/**
 * One compose map on top of another: maps are merged by key, lists are joined, anything else is replaced; `!reset`
 * removes and `!override` replaces. Neither input is changed.
 */
export function mergeMaps(base: YamlMap, over: YamlMap, depth = 0): YamlMap {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    if (entry.node.tag === '!reset') entries.delete(key);
    else if (!below || entry.node.tag === '!override' || depth > depthLimit) entries.set(key, entry);
    else entries.set(key, mergeEntries(key, below, entry, depth));
  }
  return { ...over, entries, size: base.size + over.size };
}

function mergeEntries(key: string, below: YamlEntry, above: YamlEntry, depth: number): YamlEntry {
  const base = longForm(key, below.node);
  const over = longForm(key, above.node);
  if (base.kind === 'map' && over.kind === 'map') {
    // The options belong to one logging driver.
    if (key === 'logging' && driverOf(over) !== undefined && driverOf(base) !== driverOf(over)) return above;
    return { at: above.at, node: mergeMaps(base, over, depth + 1) };
  }
  if (base.kind === 'seq' && over.kind === 'seq' && !replacedLists.has(key)) {
    return { at: above.at, node: { ...over, items: [...base.items, ...over.items] } };
  }
  // A key without a value changes nothing.
  if (over.kind === 'scalar' && over.text === null && base.kind !== 'scalar') return below;
  return above;
}

function driverOf(logging: YamlMap): string | null | undefined {
  const driver = logging.entries.get('driver')?.node;
  return driver?.kind === 'scalar' ? driver.text : undefined;
}

/** A short form as the long one that it abbreviates: the two can be merged. */
export function longForm(key: string, node: YamlNode): YamlNode {
  if (namedLists.has(key) && node.kind === 'seq') return mapOfAssignments(node);
  if (key === 'build' && node.kind === 'scalar' && node.text !== null) {
    return { ...node, kind: 'map', entries: new Map([['context', { node, at: node.at }]]) };
  }
  return node;
}

/** `- NAME=value` as `NAME: value`; `- NAME` has no value. */
export function mapOfAssignments(list: YamlSeq): YamlMap {
  const entries = new Map<string, YamlEntry>();
  for (const item of list.items) {
    if (item.kind !== 'scalar' || item.text === null) continue;
    const { name, value = null } = splitAssignment(item.text);
    const node: YamlScalar = { ...item, text: value };
    entries.set(name, { node, at: item.at });
  }
  return { kind: 'map', entries, at: list.at, size: list.size };
}
