import type { Expansion } from '../declared.ts';
import { type Reference, readReference } from '../dockerfile/variables.ts';
import { bounded } from '../files/text.ts';

/** Defaults within defaults. */
const depthLimit = 10;
const lengthLimit = 20_000;

/**
 * Fills in compose's variables as if none were set (Compose specification: interpolation): `$$` is a dollar,
 * `${NAME:-default}` and `${NAME-default}` their default. The environment of compose determines all others.
 */
export function interpolate(text: string, depth = 0): Expansion {
  if (text.length > lengthLimit) return { known: false, why: 'the text is too long' };
  if (depth > depthLimit) return { known: false, why: 'the defaults are nested too deeply' };
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

function resolve({ name, operator, operand }: Reference, depth: number): Expansion {
  if (operator === ':-' || operator === '-') return interpolate(operand, depth + 1);
  const why = operator.endsWith('?') ? 'must be set' : 'has no default';
  return { known: false, why: `${bounded(name, 100)} ${why} in the environment of compose` };
}
