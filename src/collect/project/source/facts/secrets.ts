import { holdsSecret } from '../../../../text/secrets/names.ts';
import { isHarmless } from '../../../../text/secrets/placeholder.ts';
import type { SourceModule } from '../module.ts';

/** Literals with a secret's name that look like a secret. */
export function secretsOf({ literals }: SourceModule): { name: string; value: string; line: number }[] {
  return literals.flatMap(({ name, text, line }) => {
    const bearer = /^(?:Bearer|Basic|Token)\s+(\S+)$/.exec(text)?.[1];
    const isHeader = bearer !== undefined && /^authorization$/i.test(name);
    const value = isHeader ? bearer : text;
    const secret = (isHeader || namesSecret(name)) && isRandom(value) && !isHarmless(name, value);
    return secret ? [{ name, value, line }] : [];
  });
}

/** Code has many keys: of caches, maps, translations. Only keys that grant access count. */
function namesSecret(name: string): boolean {
  return (
    holdsSecret(name) &&
    (!/key$/i.test(name) ||
      /(?:api|secret|access|private|signing|encryption|auth|master|service)[_-]?key$/i.test(name))
  );
}

/** Whether a text looks random: long enough, letters and digits mixed, and not a word, path or sentence. */
function isRandom(text: string): boolean {
  if (text.length < 12 || text.length > 1_000 || /[\s/\\<>{}()$]/.test(text)) return false;
  const mixed = text
    .split(/[^A-Za-z0-9]+/)
    .some((part) => part.length >= 8 && /\d/.test(part) && /[A-Za-z]/.test(part));
  return mixed && entropy(text) >= 3;
}

/** Bits per character (Shannon). Words have less than 3, random texts of this length more. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}
