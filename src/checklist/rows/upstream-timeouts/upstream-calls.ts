import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { HttpCall } from '../../../evidence/source.ts';
import { listOf, noServerSource, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/**
 * Judges the timeouts of the upstream calls in the source.
 *
 * @param enough the timeouts that pass
 */
export function judgeUpstreamCalls(
  project: ProjectEvidence,
  enough: readonly HttpCall['limit'][],
): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const { httpCalls } = source;
  if (httpCalls.length === 0) return inconclusive('The audit recognised no upstream call in the source.');
  const list = (calls: readonly { call: string; at: HttpCall['at'] }[]) => listOf(calls, ({ call }) => call);
  const [guard] = source.timeGuards;
  const unlimited = httpCalls.filter(({ limit }) => limit === 'none');
  if (unlimited.length > 0) {
    const finding = `The source calls ${list(unlimited)} without a timeout.`;
    return guard
      ? inconclusive(`${finding} Whether ${list([guard])} limits the call is unknown.`)
      : fail(finding, ...placesOf(unlimited));
  }
  const unclear = httpCalls.filter(({ limit }) => limit === 'unknown');
  if (unclear.length > 0) {
    return inconclusive(`Whether ${list(unclear)} has a timeout could not be determined from the source.`);
  }
  const partly = httpCalls.filter(({ limit }) => !enough.includes(limit));
  return partly.length > 0
    ? inconclusive(
        `The timeout of ${list(partly)} covers only the wait for headers or for the next byte. Whether it ends a dripping body is unknown. Add --lab.`,
      )
    : pass(`Every recognised upstream call has a timeout: ${list(httpCalls)}.`, ...placesOf(httpCalls));
}
