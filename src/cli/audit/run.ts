import type { CliContext } from '../context.ts';
import { CommandError, exitCode } from '../exit.ts';
import { collect } from './collect.ts';
import { saveEvidence } from './evidence-file.ts';
import { judge } from './judge.ts';
import type { AuditOptions } from './options.ts';
import { makePlan } from './plan.ts';
import { publish } from './publish.ts';

/**
 * Collects evidence, or takes what was saved, judges it, and prints the report.
 *
 * @param target a URL or a directory; without one the configuration's URL, or the project of the options
 * @throws CommandError when the question is wrong (2), the target cannot be assessed (3) or a gate is not met (1)
 */
export async function runAudit(
  target: string | undefined,
  options: AuditOptions,
  context: CliContext,
): Promise<void> {
  const plan = await makePlan(target, options, context);
  const seen = plan.saved ?? (await collect(plan, options, context));
  if (plan.saveEvidence) await saveEvidence(plan.saveEvidence, seen);
  const judged = judge(seen, plan, options);
  await publish(judged, seen, plan, options, context);
  const { obstacle, gate } = judged;
  if (obstacle) throw new CommandError(exitCode.couldNotAssess, obstacle.what, obstacle.next);
  if (gate && !gate.passed)
    throw new CommandError(exitCode.gateNotMet, `Gate not met: ${gate.reasons.join(' ')}`);
}
