import type { Declared } from '../../../evidence/declared.ts';
import { declaredAs } from '../declared.ts';
import { find, scalarsOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { recorded } from '../secrets/literal-secrets.ts';
import { interpolate } from './interpolation.ts';

/** The text of the scalar below a path of keys, with its variables filled in where they are known. */
export function textOf(node: YamlNode | undefined, ...keys: string[]): string | undefined {
  const found = find(node, ...keys);
  if (found?.kind !== 'scalar' || found.text === null) return undefined;
  const result = interpolate(found.text);
  return result.known ? result.value : found.text;
}

/** The texts of a list, or of the one scalar in its place, as they are recorded. */
export function texts(node: YamlNode | undefined): string[] {
  return scalarsOf(node).flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [recorded(text)];
  });
}

/** A scalar's value with its place; undefined when it is missing or empty. */
export function declaredAt(node: YamlNode | undefined): Declared<string> | undefined {
  if (node?.kind !== 'scalar' || node.text === null) return undefined;
  return declaredAs(interpolate(node.text), node.text, node.at);
}

/** Whether compose reads a value as true: it also takes the booleans of YAML 1.1, and strings of them. */
export function isTrue(node: YamlNode | undefined): boolean {
  return /^(?:true|yes|on|y|1)$/i.test(textOf(node) ?? '');
}
