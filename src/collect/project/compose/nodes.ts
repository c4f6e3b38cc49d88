import type { Declared } from '../../../evidence/project.ts';
import { bounded } from '../files/text.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { maskText } from '../secrets/literal-secrets.ts';
import { declaredText, textOf } from './interpolation.ts';

/** Of anything that can be listed in a service. */
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

/** For what may be written as one text or as a list of texts: `command`. */
export function scalarsOf(node: YamlNode | undefined): YamlNode[] {
  return node?.kind === 'scalar' ? [node] : listOf(node);
}

/** The texts of a list as they may be recorded. */
export function texts(node: YamlNode | undefined): string[] {
  return scalarsOf(node).flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [bounded(maskText(text))];
  });
}

/** A scalar's value with its place; undefined when it is missing or empty. */
export function declaredAt(node: YamlNode | undefined): Declared<string> | undefined {
  return node?.kind === 'scalar' && node.text !== null ? declaredText(node) : undefined;
}

/** Compose takes what YAML 1.1 called booleans for such, and strings of them, too. */
export function isTrue(node: YamlNode | undefined): boolean {
  return /^(?:true|yes|on|y|1)$/i.test(textOf(node) ?? '');
}
