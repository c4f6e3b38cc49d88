import type { Declared } from '../../../evidence/declared.ts';
import { bounded } from '../files/text.ts';
import { listOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { maskText } from '../secrets/literal-secrets.ts';
import { declaredText, textOf } from './interpolation.ts';

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
