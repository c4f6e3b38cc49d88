import type { Declared, Place } from '../../../evidence/declared.ts';
import { unknownValue } from '../declared.ts';
import { find, scalarsOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { inspectCommand, recorded, type Secrets } from '../secrets/literal-secrets.ts';

/** A placeholder of a template, a pipeline or a shell. */
const placeholder = /\$\{|\{\{|<%|^\$[A-Za-z_]\w*$|^__\w+__$|^<[^<>]+>$/;

/** A text as it is recorded: unknown where it contains a placeholder. */
export const declaredText = (text: string, at: Place): Declared<string> =>
  placeholder.test(text)
    ? unknownValue(text, 'the deployment fills it in', at)
    : { known: true, value: recorded(text), at };

/** The scalar below a path of keys; undefined when there is none. */
export function declaredAt(node: YamlNode | undefined, ...keys: string[]): Declared<string> | undefined {
  const found = find(node, ...keys);
  const text = textAt(found);
  return found && text !== undefined ? declaredText(text, found.at) : undefined;
}

/** The boolean below a path of keys, as JSON, YAML and TOML write it; undefined when there is none. */
export function switchAt(node: YamlNode | undefined, ...keys: string[]): Declared<boolean> | undefined {
  const found = find(node, ...keys);
  const text = textAt(found);
  if (!found || text === undefined) return undefined;
  if (/^(?:true|false)$/i.test(text)) return { known: true, value: /^true$/i.test(text), at: found.at };
  return unknownValue(text, 'the value is not a boolean', found.at);
}

/** The texts of the list below a path of keys, or the one text in its place. */
export const textsAt = (node: YamlNode | undefined, ...keys: string[]): string[] =>
  scalarsOf(find(node, ...keys)).flatMap((item) => textAt(item) ?? []);

/** A command on one line, written as a text or as a list. */
export function commandOf(...nodes: (YamlNode | undefined)[]): Declared<string> | undefined {
  const at = nodes.find((node) => node !== undefined)?.at;
  const words = nodes.flatMap((node) => textsAt(node));
  return at && words.length > 0 ? declaredText(words.join(' ').replace(/\s+/g, ' '), at) : undefined;
}

/** Finds literal secrets in the parts of a container's command. */
export function inspectCommands(secrets: Secrets, container: YamlNode, ...keys: string[]): void {
  for (const word of keys.flatMap((key) => textsAt(container, key))) {
    inspectCommand(secrets, word, () => container.at);
  }
}
