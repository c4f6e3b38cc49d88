import path from 'node:path';
import ignore from 'ignore';
import { matchesName, type PatternStep } from '../../../text/name-pattern.ts';

const patternLimit = 1_000;
const lineLimit = 2_000;

/**
 * Whether a `.gitignore` at the project's root keeps `.env` out of the repository (gitignore: pattern format).
 *
 * @returns `null` when its patterns are not valid
 */
export function gitIgnores(text: string, file: string): boolean | null {
  try {
    const patterns = text.split(/\r?\n/, lineLimit).filter((line) => line.length <= patternLimit);
    return ignore({ ignorecase: false }).add(patterns).ignores(file);
  } catch {
    return null;
  }
}

/**
 * Whether a `.dockerignore` keeps a file at the root of the build context out of the image (Dockerfile reference:
 * .dockerignore file). Its patterns start at the root, unlike git's, and the last one that matches decides.
 *
 * @param file a name without a slash
 */
export function dockerIgnores(text: string, file: string): boolean {
  let ignored = false;
  for (const line of text.split(/\r?\n/, lineLimit)) {
    if (line.startsWith('#')) continue;
    const trimmed = line.trim().slice(0, patternLimit);
    const exception = trimmed.startsWith('!');
    const pattern = normalise(exception ? trimmed.slice(1).trim() : trimmed);
    if (pattern === '' || pattern === '.') continue;
    if (matchesAtRoot(pattern, file)) ignored = !exception;
  }
  return ignored;
}

/** Go's filepath.Clean, as far as patterns need it, without the slashes at both ends. */
const normalise = (pattern: string): string =>
  path.posix.normalize(pattern.replace(/^\/+/, '')).replace(/\/$/, '');

/** `**` matches any number of directories, also none. Everything else must match the name itself. */
function matchesAtRoot(pattern: string, file: string): boolean {
  const parts = pattern.split('/').filter((part, index, all) => part !== '**' || index === all.length - 1);
  const [only, ...deeper] = parts;
  if (only === undefined || deeper.length > 0) return false;
  const steps = stepsOf(only);
  return steps !== undefined && matchesName(steps, file);
}

/** One path component of a Go filepath.Match pattern; undefined when it is malformed. */
function stepsOf(part: string): PatternStep[] | undefined {
  const steps: PatternStep[] = [];
  for (let index = 0; index < part.length; index++) {
    const char = part.charAt(index);
    if (char === '*') {
      steps.push('any');
    } else if (char === '?') {
      steps.push(() => true);
    } else if (char === '[') {
      const end = part.indexOf(']', index + 2);
      const taken = end === -1 ? undefined : oneOf(part.slice(index + 1, end));
      if (taken === undefined) return undefined;
      steps.push(taken);
      index = end;
    } else {
      const plain = char === '\\' && index + 1 < part.length ? part.charAt(++index) : char;
      steps.push((other) => other === plain);
    }
  }
  return steps;
}

/** A class of characters: `a-z`, `^0-9`. Undefined when a range runs backwards. */
function oneOf(characters: string): ((character: string) => boolean) | undefined {
  try {
    const pattern = new RegExp(`^[${characters.replace(/[\\\]]/g, '\\$&')}]$`, 's');
    return (character) => pattern.test(character);
  } catch {
    return undefined;
  }
}
