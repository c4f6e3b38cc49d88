import { inconclusive, type Judgement, notApplicable } from '../../row.ts';

/**
 * Judges the server where several candidates may be it: what is true of all is true of the server.
 * Where they differ, the verdict is inconclusive and the reason names them.
 *
 * @param candidates at least one, the likeliest first
 */
export function agree<T>(
  candidates: readonly T[],
  label: (candidate: T) => string,
  judge: (candidate: T) => Judgement,
): Judgement {
  const judged = candidates.map((candidate) => ({ name: label(candidate), judgement: judge(candidate) }));
  const [first, ...others] = judged;
  if (!first) return notApplicable('There is nothing to judge.');
  const different = others.find(({ judgement }) => judgement.verdict !== first.judgement.verdict);
  if (different) {
    return inconclusive(
      `Which of these is the server could not be determined: ${shortList(judged.map(({ name }) => name))}. They differ. ` +
        `${first.name}: ${textOf(first.judgement)} ${different.name}: ${textOf(different.judgement)}`,
    );
  }
  if (others.length === 0 || !('finding' in first.judgement)) return first.judgement;
  const sources = judged.flatMap(({ judgement }) => ('sources' in judgement && judgement.sources) || []);
  return {
    ...first.judgement,
    finding: `${first.judgement.finding} The same applies to ${shortList(others.map(({ name }) => name))}.`,
    ...(sources.length > 0 ? { sources } : {}),
  };
}

/** The candidates with the first of the qualities that any has; all when none has any. */
export function preferred<T>(candidates: readonly T[], ...qualities: ((candidate: T) => boolean)[]): T[] {
  for (const quality of qualities) {
    const matching = candidates.filter(quality);
    if (matching.length > 0) return matching;
  }
  return [...candidates];
}

const textOf = (judgement: Judgement): string =>
  'finding' in judgement ? judgement.finding : judgement.reason;

/** "a, b, c and 4 more" */
export function shortList(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, 5).join(', ');
  return unique.length > 5 ? `${shown} and ${unique.length - 5} more` : shown;
}
