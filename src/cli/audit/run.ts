import type { CliContext } from '../context.ts';
import { CommandError, exitCode } from '../exit.ts';
import { collect } from './collect.ts';
import { saveEvidence } from './evidence-file.ts';
import { judge } from './judge.ts';
import type { AuditOptions } from './options.ts';
import { makePlan } from './plan.ts';
import { publish } from './publish.ts';

/**
 * Collects evidence or loads saved evidence, judges it and prints the report.
 *
 * @param target a URL or a directory; default: the project of the options, or the URL of the configuration
 * @throws CommandError for wrong usage (2), a target that cannot be assessed (3), or a gate that is not met (1)
 */
export async function runAudit(
  target: string | undefined,
  options: AuditOptions,
  context: CliContext,
): Promise<void> {
  const plan = await makePlan(target, options, context);
  const evidence = plan.saved ?? (await collect(plan, options, context));
  if (plan.saveEvidence) await saveEvidence(plan.saveEvidence, evidence);
  const judged = judge(evidence, plan, options);
  await publish(judged, evidence, plan, options, context);
  const { obstacle, gate } = judged;
  if (obstacle) throw new CommandError(exitCode.couldNotAssess, obstacle.what, obstacle.next);
  if (gate && !gate.passed)
    throw new CommandError(exitCode.gateNotMet, `The gate is not met: ${gate.reasons.join(' ')}`);
}
