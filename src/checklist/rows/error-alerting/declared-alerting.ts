import type { ProjectEvidence } from '../../../evidence/project.ts';
import { isNonProductionFile } from '../../reading/server/non-production-files.ts';
import { listOf, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { inconclusive, type Judgement, pass } from '../../row.ts';

/** Judges what tells people about errors: a tracker in the code, or rules that raise alerts with somebody to send them to. */
export function judgeAlerting(project: ProjectEvidence): Judgement {
  const trackers = serverSource(project)?.errorTrackers ?? [];
  if (trackers.length > 0) {
    return pass(`The source starts ${listOf(trackers, ({ library }) => library)}.`, ...placesOf(trackers));
  }
  const rules = project.observability.alertRules.filter(({ at }) => !isNonProductionFile(at.file));
  const receivers = project.observability.alertReceivers.filter(({ at }) => !isNonProductionFile(at.file));
  const name = (item: { tool: string; name: string }) => `${item.tool} ${item.name}`;
  if (rules.length > 0 && receivers.length > 0) {
    return pass(
      `Alert rules (${rules.length}), such as ${listOf(rules.slice(0, 1), name)}, and a receiver: ${listOf(receivers, name)}.`,
      ...placesOf([...rules.slice(0, 5), ...receivers.slice(0, 5)]),
    );
  }
  if (rules.length > 0) {
    return inconclusive(
      `There are alert rules (${rules.length}), such as ${listOf(rules.slice(0, 1), name)}, but no receiver: whom they tell does not stand in the project.`,
    );
  }
  return inconclusive(
    receivers.length > 0
      ? `There is a receiver, ${listOf(receivers, name)}, but no alert rule that would tell it anything.`
      : 'No alert rule, receiver or error tracker was found in the project; they may stand elsewhere.',
  );
}
