import { takesName } from '../../../text/name-pattern.ts';

/**
 * Whether a name fits the last part of a COPY source (Dockerfile reference, COPY: Go's filepath.Match, in which `*` takes
 * a leading dot as well).
 *
 * @returns undefined when only the build knows: a variable, or a class of characters
 */
export function nameFits(pattern: string, name: string): boolean | undefined {
  if (/[$[\\]/.test(pattern)) return undefined;
  const steps = [...pattern].map((character) =>
    character === '*' ? 'any' : (other: string) => character === '?' || other === character,
  );
  return takesName(steps, name);
}
