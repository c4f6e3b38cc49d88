import { find, listOf, textAt } from '../../formats/yaml-nodes.ts';
import { parseYamlTrees, type YamlMap, type YamlNode } from '../../formats/yaml-tree.ts';

/** One object of a manifest. */
export interface KubernetesObject {
  kind: string;
  name: string;
  file: string;
  node: YamlMap;
}

/** A manifest's objects, or why it cannot be judged. */
export type Manifest = { objects: KubernetesObject[] } | { problem: string };

const objectLimit = 500;

/** Reads a manifest of one or several documents, with the items of a `List`. Templates are refused. */
export async function readManifest(file: string, text: string, signal: AbortSignal): Promise<Manifest> {
  const { roots, problem } = await parseYamlTrees(text, file, signal);
  if (problem !== undefined) return { problem };
  const objects = roots.flatMap((root) => objectsOf(file, root));
  if (objects.length > objectLimit) return { problem: `more than ${objectLimit} objects` };
  if (text.includes('{{') && objects.some(({ node }) => containersOf(node).length > 0)) {
    return { problem: 'the file is a template' };
  }
  return { objects };
}

/** An object, or the items of a `List`; nothing for anything else. */
export function objectsOf(file: string, node: YamlNode, depth = 0): KubernetesObject[] {
  const kind = textAt(node, 'kind');
  if (node.kind !== 'map' || kind === undefined || depth > 2) return [];
  if (kind === 'List') return listOf(node, 'items').flatMap((item) => objectsOf(file, item, depth + 1));
  return [{ kind, name: textAt(node, 'metadata', 'name') ?? '', file, node }];
}

/** The pod specification of a workload or of a Pod. */
export function podSpecOf(node: YamlNode): YamlNode | undefined {
  return textAt(node, 'kind') === 'Pod' ? find(node, 'spec') : find(node, 'spec', 'template', 'spec');
}

export const containersOf = (node: YamlNode): YamlNode[] => listOf(podSpecOf(node), 'containers');
