import type { Declared, Place } from '../../../evidence/declared.ts';
import { bounded } from '../files/text.ts';
import { find, listOf } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import { maskText } from '../secrets/literal-secrets.ts';

/** What a template, a pipeline or a shell fills in before the platform reads it. */
const blank = /\$\{|\{\{|<%|^\$[A-Za-z_]\w*$|^__\w+__$|^<[^<>]+>$/;

/** A text as it may be recorded: known, unless something fills it in later. */
export function declaredText(text: string, at: Place): Declared<string> {
  return blank.test(text)
    ? { known: false, text: bounded(maskText(text)), why: 'it is filled in before it is deployed', at }
    : { known: true, value: bounded(maskText(text)), at };
}

/** The scalar below a path of keys; undefined when there is none. */
export function textAt(node: YamlNode | undefined, ...keys: string[]): string | undefined {
  const found = find(node, keys);
  return found?.kind === 'scalar' && found.text !== null ? found.text : undefined;
}

/** The same with its place. */
export function declaredAt(node: YamlNode | undefined, ...keys: string[]): Declared<string> | undefined {
  const found = find(node, keys);
  return found?.kind === 'scalar' && found.text !== null ? declaredText(found.text, found.at) : undefined;
}

/** A switch, as JSON, YAML and TOML write it; undefined for anything else. */
export function switchAt(node: YamlNode | undefined, ...keys: string[]): Declared<boolean> | undefined {
  const found = find(node, keys);
  if (found?.kind !== 'scalar' || found.text === null) return undefined;
  if (/^(?:true|false)$/i.test(found.text))
    return { known: true, value: /^true$/i.test(found.text), at: found.at };
  return { known: false, text: bounded(maskText(found.text)), why: 'it is no switch', at: found.at };
}

/** The texts of a list, or the one text that stands in its place. */
export function textsAt(node: YamlNode | undefined, ...keys: string[]): string[] {
  const found = find(node, keys);
  const items = found?.kind === 'scalar' ? [found] : listOf(found);
  return items.flatMap((item) => textAt(item) ?? []);
}

/** A command as one line, written as a text or as a list of words. */
export function commandOf(...nodes: (YamlNode | undefined)[]): Declared<string> | undefined {
  const at = nodes.find((node) => node !== undefined)?.at;
  const words = nodes.flatMap((node) => textsAt(node));
  return at && words.length > 0 ? declaredText(words.join(' ').replace(/\s+/g, ' '), at) : undefined;
}

/** An object without the members that are undefined: evidence survives JSON as it is. */
export function present<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
