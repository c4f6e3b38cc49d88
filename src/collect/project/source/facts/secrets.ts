import { holdsSecret } from '../../../../text/secrets/names.ts';
import { isHarmless } from '../../../../text/secrets/placeholder.ts';
import type { SourceModule } from '../module.ts';

/** A literal that is given a secret's name, and looks like one. */
export interface SourceSecret {
  name: string;
  value: string;
  line: number;
}

/** Secrets by the names that the code gives them. */
export function secretsOf({ literals }: SourceModule): SourceSecret[] {
  return literals.flatMap(({ name, text, line }) => {
    const bearer = /^(?:Bearer|Basic|Token)\s+(\S+)$/.exec(text)?.[1];
    if (bearer !== undefined && /^authorization$/i.test(name)) {
      return isRandom(bearer) && !isHarmless(name, bearer) ? [{ name, value: bearer, line }] : [];
    }
    return namesSecret(name) && isRandom(text) && !isHarmless(name, text)
      ? [{ name, value: text, line }]
      : [];
  });
}

/** Code has many keys: of caches, of maps, of translations. Only those that open something count. */
function namesSecret(name: string): boolean {
  return (
    holdsSecret(name) &&
    (!/key$/i.test(name) ||
      /(?:api|secret|access|private|signing|encryption|auth|master|service)[_-]?key$/i.test(name))
  );
}

/** Whether it looks made by chance: long enough, letters and digits mixed, and no word, path or sentence. */
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
