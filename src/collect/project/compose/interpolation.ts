import type { Declared } from '../../../evidence/declared.ts';
import { type Reference, readReference } from '../dockerfile/variables.ts';
import { bounded } from '../files/text.ts';
import type { YamlNode, YamlScalar } from '../formats/yaml-tree.ts';
import { maskText } from '../secrets/literal-secrets.ts';

/** Defaults within defaults. */
const depthLimit = 10;
const lengthLimit = 20_000;

export type Interpolation = { known: true; value: string } | { known: false; why: string };

/**
 * Fills in compose's variables as if none were set (Compose specification: interpolation): `$$` is a dollar,
 * `${NAME:-default}` and `${NAME-default}` their default. All else is up to the environment that compose runs in.
 */
export function interpolate(text: string, depth = 0): Interpolation {
  if (text.length > lengthLimit) return { known: false, why: 'it is too long' };
  if (depth > depthLimit) return { known: false, why: 'its defaults are nested too deeply' };
  let value = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '$' && text.charAt(index + 1) === '$') {
      value += char;
      index++;
      continue;
    }
    const reference = char === '$' ? readReference(text, index) : undefined;
    if (!reference || !/^[A-Za-z_]/.test(reference.name)) {
      value += char;
      continue;
    }
    const result = resolve(reference, depth);
    if (!result.known) return result;
    value += result.value;
    index = reference.end - 1;
  }
  return { known: true, value };
}

function resolve({ name, operator, operand }: Reference, depth: number): Interpolation {
  if (operator === ':-' || operator === '-') return interpolate(operand, depth + 1);
  const why = operator.endsWith('?') ? 'must be set' : 'has no default';
  return { known: false, why: `${bounded(name, 100)} ${why} where compose runs` };
}

/** A scalar's text with its variables filled in; undefined for what is no scalar or empty. */
export function textOf(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.text === null) return undefined;
  const result = interpolate(node.text);
  return result.known ? result.value : node.text;
}

/** A scalar as it can be known from the file. */
export function declaredText(node: YamlScalar): Declared<string> {
  const text = node.text ?? '';
  const result = interpolate(text);
  return result.known
    ? { known: true, value: bounded(maskText(result.value)), at: node.at }
    : { known: false, text: bounded(maskText(text)), why: result.why, at: node.at };
}
