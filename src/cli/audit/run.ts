import { polledPaths } from '../../checklist/reading/healthchecks.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { buildReport } from '../../report/build.ts';
import { formats } from '../../report/formats.ts';
import { judgeGate } from '../../score/gate.ts';
import { obstacle } from '../../score/obstacle.ts';
import { assess } from '../../score/score.ts';
import { version } from '../../version.ts';
import type { CliContext } from '../context.ts';
import { CommandError, exitCode } from '../exit.ts';
import { createProgress } from '../progress.ts';
import { terminalStyle } from '../terminal-style.ts';
import { type AuditOptions, makePlan, type Plan } from './plan.ts';

/**
 * Collects evidence, judges it, and prints the report.
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
  const started = new Date();
  const progress = createProgress(context);
  let evidence: Evidence;
  try {
    evidence = await collect(plan, options, context, progress.step);
  } finally {
    progress.done();
  }
  const assessment = assess(options.profile, evidence);
  const gate = judgeGate(plan.gate, assessment);
  const report = buildReport(
    {
      tool: { name: 'mcp-prod', version },
      startedAt: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
    },
    evidence,
    assessment,
    gate,
  );
  const hindrance = obstacle(evidence, assessment);
  // A table of unknowns helps nobody at a terminal; a script gets its document in any case.
  if (options.format === 'json' || assessment.coverage.assessed > 0) {
    context.stdout.write(formats[options.format].write(report, terminalStyle(context.stdout, context.env)));
  }
  if (hindrance) throw new CommandError(exitCode.couldNotAssess, hindrance.what, hindrance.next);
  if (gate && !gate.passed)
    throw new CommandError(exitCode.gateNotMet, `Gate not met: ${gate.reasons.join(' ')}`);
}

/** Files first: they tell which paths the platform polls. */
async function collect(
  { url, project, config, tool }: Plan,
  options: AuditOptions,
  { signal }: CliContext,
  onProgress: (step: string) => void,
): Promise<Evidence> {
  const evidence: Evidence = { notices: [] };
  if (project) {
    // Loaded when they are needed: usage errors are answered without waiting for parsers and clients.
    const { collectProject } = await import('../../collect/project/collect.ts');
    onProgress(`Reading ${project.directory}`);
    const files = await collectProject({ ...project, signal });
    evidence.project = files.evidence;
    evidence.notices.push(...files.notices);
    // What was read before an interrupt is no basis for a report.
    signal.throwIfAborted();
  }
  if (url) {
    const { collectWire } = await import('../../collect/wire/collect.ts');
    const healthPath = options.healthPath ?? config.health;
    evidence.wire = await collectWire({
      url,
      ...(options.token !== undefined && { token: options.token }),
      headers: options.header ?? [],
      endpoints: {
        ...(config.endpoint !== undefined && { mcp: config.endpoint }),
        ...(config.sse !== undefined && { sse: config.sse }),
      },
      ...(healthPath !== undefined && { healthPath }),
      polledPaths: evidence.project ? polledPaths(evidence.project) : [],
      ...(tool && { tool }),
      burst: options.burst,
      timeoutMs: options.timeout,
      budgetMs: options.budget,
      clientVersion: version,
      signal,
      onProgress,
    });
  }
  return evidence;
}
