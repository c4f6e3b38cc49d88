import { matchesName } from '../../../text/name-pattern.ts';

/**
 * Whether a name matches the last part of a COPY source (Dockerfile reference, COPY: Go's filepath.Match, whose `*` also
 * matches a leading dot).
 *
 * @returns undefined when only the build can decide: a variable or a character class
 */
export function nameFits(pattern: string, name: string): boolean | undefined {
  if (/[$[\\]/.test(pattern)) return undefined;
  const steps = [...pattern].map((character) =>
    character === '*' ? 'any' : (other: string) => character === '?' || other === character,
  );
  return matchesName(steps, name);
}
