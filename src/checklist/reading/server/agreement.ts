import { someOf } from '../../../text/counts.ts';
import { inconclusive, type Judgement, notApplicable } from '../../row.ts';

/**
 * The judgement of whatever is the server, when several things may be it: what is true of all of them is true of the
 * server. Where they differ, nothing is claimed, and the reason names them.
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
      `It is not clear which is the server (${someOf(judged.map(({ name }) => name))}), and they differ. ` +
        `${first.name}: ${textOf(first.judgement)} ${different.name}: ${textOf(different.judgement)}`,
    );
  }
  if (others.length === 0 || !('finding' in first.judgement)) return first.judgement;
  const rest = someOf(others.map(({ name }) => name));
  const sources = judged.flatMap(({ judgement }) => ('sources' in judgement && judgement.sources) || []);
  return {
    ...first.judgement,
    finding: `${first.judgement.finding} The same holds for ${rest}.`,
    ...(sources.length > 0 ? { sources } : {}),
  };
}

const textOf = (judgement: Judgement): string =>
  'finding' in judgement ? judgement.finding : judgement.reason;
