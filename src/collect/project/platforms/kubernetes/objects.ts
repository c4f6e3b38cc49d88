import { find, listOf } from '../../formats/yaml-nodes.ts';
import { parseYamlTrees, type YamlMap, type YamlNode } from '../../formats/yaml-tree.ts';
import { textAt } from '../values.ts';

/** One object of a manifest. */
export interface KubernetesObject {
  kind: string;
  name: string;
  file: string;
  node: YamlMap;
}

/** A manifest's objects, or why there are none to judge. */
export type Manifest = { objects: KubernetesObject[] } | { problem: string };

/** More than any chart renders. */
const objectLimit = 500;

/**
 * Reads a manifest of one or several documents, a `List` among them. A template, which something fills in first, is not
 * what is applied.
 */
export async function readManifest(file: string, text: string, signal: AbortSignal): Promise<Manifest> {
  const { roots, problem } = await parseYamlTrees(text, file, signal);
  if (problem !== undefined) return { problem };
  const objects = roots.flatMap((root) => objectsOf(file, root));
  if (objects.length > objectLimit) return { problem: `it has more than ${objectLimit} objects` };
  if (text.includes('{{') && objects.some(({ node }) => containersOf(node).length > 0)) {
    return { problem: 'it is a template' };
  }
  return { objects };
}

/** An object, or the items of a `List`; nothing for anything else. */
export function objectsOf(file: string, node: YamlNode, depth = 0): KubernetesObject[] {
  const kind = textAt(node, 'kind');
  if (node.kind !== 'map' || kind === undefined || depth > 2) return [];
  if (kind === 'List')
    return listOf(find(node, ['items'])).flatMap((item) => objectsOf(file, item, depth + 1));
  return [{ kind, name: textAt(node, 'metadata', 'name') ?? '', file, node }];
}

/** The specification of the pods that an object makes, or of the pod that it is. */
export function podSpecOf(node: YamlNode): YamlNode | undefined {
  return textAt(node, 'kind') === 'Pod' ? find(node, ['spec']) : find(node, ['spec', 'template', 'spec']);
}

export const containersOf = (node: YamlNode): YamlNode[] => listOf(find(podSpecOf(node), ['containers']));
