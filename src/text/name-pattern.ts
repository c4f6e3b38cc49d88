/** One step of a pattern: any number of characters, or one that it takes. */
export type PatternStep = 'any' | ((character: string) => boolean);

/**
 * Whether a pattern with wildcards takes a whole name. A regular expression would try every way to share the name among
 * the wildcards; the last one alone can take more where the rest does not fit, so that no way is tried twice.
 */
export function takesName(steps: readonly PatternStep[], name: string): boolean {
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
