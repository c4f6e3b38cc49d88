import type { ProjectEvidence } from '../../../evidence/project.ts';
import { count } from '../../../text/counts.ts';
import { isNonProductionFile } from '../../reading/server/non-production-files.ts';
import { listOf, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { inconclusive, type Judgement, pass } from '../../row.ts';

/** Judges whether the project declares an error tracker, or alert rules with a receiver. */
export function judgeAlerting(project: ProjectEvidence): Judgement {
  const trackers = serverSource(project)?.errorTrackers ?? [];
  if (trackers.length > 0) {
    return pass(
      `The source starts an error tracker: ${listOf(trackers, ({ library }) => library)}.`,
      ...placesOf(trackers),
    );
  }
  const rules = project.observability.alertRules.filter(({ at }) => !isNonProductionFile(at.file));
  const receivers = project.observability.alertReceivers.filter(({ at }) => !isNonProductionFile(at.file));
  const declared = (noun: string, items: typeof rules) =>
    `The project declares ${count(items.length, noun)}: ${listOf(items, ({ tool, name }) => `${tool} ${name}`)}.`;
  if (rules.length > 0 && receivers.length > 0) {
    return pass(
      `${declared('alert rule', rules)} ${declared('receiver', receivers)}`,
      ...placesOf([...rules.slice(0, 5), ...receivers.slice(0, 5)]),
    );
  }
  if (rules.length > 0) {
    return inconclusive(
      `${declared('alert rule', rules)} It declares no receiver. Who gets alerts is unknown.`,
    );
  }
  return inconclusive(
    receivers.length > 0
      ? `${declared('receiver', receivers)} It declares no alert rule. What raises alerts is unknown.`
      : 'The project declares no alert rule, receiver or error tracker. Whether they exist elsewhere is unknown.',
  );
}
