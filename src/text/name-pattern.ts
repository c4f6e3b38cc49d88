/** One step of a pattern: any number of characters, or one that matches. */
export type PatternStep = 'any' | ((character: string) => boolean);

/**
 * Whether a pattern with wildcards matches a whole name. A regular expression would try every distribution of the name among the
 * wildcards. Here only the last wildcard grows after a mismatch.
 */
export function matchesName(steps: readonly PatternStep[], name: string): boolean {
  let step = 0;
  let at = 0;
  let wildcard = -1;
  let taken = 0;
  while (at < name.length) {
    const next = steps[step];
    if (next === 'any') {
      wildcard = step;
      taken = at;
      step += 1;
    } else if (next?.(name.charAt(at)) === true) {
      step += 1;
      at += 1;
    } else if (wildcard >= 0) {
      step = wildcard + 1;
      taken += 1;
      at = taken;
    } else {
      return false;
    }
  }
  return steps.slice(step).every((left) => left === 'any');
}
