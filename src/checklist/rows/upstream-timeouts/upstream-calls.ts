import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { HttpCall } from '../../../evidence/source.ts';
import { listOf, noServerSource, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/**
 * Judges the calls to other servers that the source makes.
 *
 * @param enough the limits that do
 * @param otherwise what is to be said of calls that have a limit, but not one of these
 */
export function judgeUpstreamCalls(
  project: ProjectEvidence,
  enough: readonly HttpCall['limit'][],
  otherwise: string,
): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const calls = source.httpCalls;
  const name = ({ call }: HttpCall) => call;
  if (calls.length === 0) {
    return inconclusive('No call to another server was recognised in the source.');
  }
  const [guard] = source.timeGuards;
  const open = calls.filter(({ limit }) => limit === 'none');
  if (open.length > 0) {
    const finding = `${listOf(open, name)}: the call is given no time limit`;
    return guard
      ? inconclusive(
          `${finding}, and whether ${listOf([guard], ({ call }) => call)} bounds it cannot be told.`,
        )
      : fail(`${finding}.`, ...placesOf(open));
  }
  const unclear = calls.filter(({ limit }) => limit === 'unknown');
  if (unclear.length > 0) {
    return inconclusive(`${listOf(unclear, name)}: whether it has a time limit cannot be told from there.`);
  }
  const lacking = calls.filter(({ limit }) => !enough.includes(limit));
  return lacking.length > 0
    ? inconclusive(`${listOf(lacking, name)}: ${otherwise}`)
    : pass(
        `Every call to another server that was recognised has a time limit: ${listOf(calls, name)}.`,
        ...placesOf(calls),
      );
}
