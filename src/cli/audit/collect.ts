import { polledPaths } from '../../checklist/reading/healthchecks.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { SavedEvidence } from '../../evidence/saved.ts';
import { printable } from '../../report/text.ts';
import { version } from '../../version.ts';
import type { CliContext } from '../context.ts';
import { CommandError, exitCode } from '../exit.ts';
import { createProgress, type Progress } from '../progress.ts';
import type { AuditOptions } from './options.ts';
import type { Plan } from './plan.ts';

/** Looks at what the plan names, with its progress on stderr. */
export async function collect(
  plan: Plan,
  options: AuditOptions,
  context: CliContext,
): Promise<SavedEvidence> {
  const started = new Date();
  if (plan.lab) {
    const { build, command, directory } = plan.lab;
    const first = build === undefined ? '' : `"${build}", then `;
    context.stderr.write(`mcp-prod: --lab runs ${printable(`${first}"${command}" in ${directory}`, 500)}\n`);
  }
  const progress = createProgress(context);
  try {
    const evidence = await look(plan, options, context, progress);
    return {
      schemaVersion: 1,
      tool: { name: 'mcp-prod', version },
      startedAt: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
      evidence,
    };
  } finally {
    progress.done();
  }
}

/** Files first: they tell which paths the platform polls. */
async function look(
  { url, project, config, tool, lab, budgetMs }: Plan,
  options: AuditOptions,
  { signal }: CliContext,
  { step: onProgress, tell }: Progress,
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
      budgetMs,
      clientVersion: version,
      signal,
      onProgress,
    });
  }
  if (lab) {
    const { LabProblem, runLab } = await import('../../lab/lab.ts');
    const { sse } = config;
    try {
      const seen = await runLab(
        { ...lab, signal },
        {
          budgetMs,
          // A server that was named is the one to look at; else a launched one is looked at as any running server.
          ...(!evidence.wire &&
            lab.transport === 'http' && {
              wire: {
                polledPaths: evidence.project ? polledPaths(evidence.project) : [],
                ...(sse !== undefined && { sse }),
                burst: options.burst,
                timeoutMs: options.timeout,
                budgetMs,
              },
            }),
          tell,
        },
      );
      evidence.lab = seen.lab;
      if (seen.wire) evidence.wire = seen.wire;
    } catch (error) {
      if (!(error instanceof LabProblem)) throw error;
      const code = error.kind === 'configuration' ? exitCode.usage : exitCode.couldNotAssess;
      throw new CommandError(code, error.message, error.hint);
    }
  }
  return evidence;
}
