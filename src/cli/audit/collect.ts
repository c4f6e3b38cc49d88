import { polledPaths } from '../../checklist/reading/server/healthchecks.ts';
import { isPlainPath } from '../../config/paths.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { SavedEvidence } from '../../evidence/saved.ts';
import type { LabPlan } from '../../lab/plan.ts';
import { printable } from '../../text/printable.ts';
import { version } from '../../version.ts';
import type { CliContext } from '../context.ts';
import { CommandError, exitCode } from '../exit.ts';
import { createProgress, type Progress } from '../progress.ts';
import type { ProjectTarget } from '../target.ts';
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

/** One look at the target: what is asked for, by whom, and what has been seen so far. */
interface Look {
  plan: Plan;
  options: AuditOptions;
  signal: AbortSignal;
  /** Milliseconds that are left for everything. */
  budgetMs: number;
  progress: Progress;
  evidence: Evidence;
}

async function look(
  plan: Plan,
  options: AuditOptions,
  { signal }: CliContext,
  progress: Progress,
): Promise<Evidence> {
  const { url, project, lab } = plan;
  const evidence: Evidence = { notices: [] };
  const looking: Look = { plan, options, signal, budgetMs: plan.budgetMs, progress, evidence };
  // Files before the wire: they tell which paths the platform polls. The lab reads them while it builds.
  if (project && (url || !lab)) {
    progress.step(`Reading ${project.directory}`);
    await readFiles(looking, project);
  }
  if (url) await askServer(looking, url);
  if (lab) await disturb(looking, lab);
  return evidence;
}

// What follows loads its parsers and clients when they are needed: usage errors are answered without waiting for them.

async function readFiles(looking: Look, project: ProjectTarget): Promise<void> {
  const { plan, evidence, signal, budgetMs } = looking;
  const { collectProject } = await import('../../collect/project/collect.ts');
  const started = performance.now();
  // A server that is still to be asked gets the other half.
  const budget = AbortSignal.timeout(plan.url ? Math.ceil(budgetMs / 2) : budgetMs);
  const files = await collectProject({ ...project, signal: AbortSignal.any([signal, budget]) });
  looking.budgetMs = Math.max(1, Math.round(budgetMs - (performance.now() - started)));
  evidence.project = files.evidence;
  evidence.notices.push(...files.notices);
  // What was read before an interrupt is no basis for a report.
  signal.throwIfAborted();
}

async function askServer(
  { plan: { paths, tool, lab }, options, signal, budgetMs, progress, evidence }: Look,
  url: URL,
): Promise<void> {
  const { collectWire } = await import('../../collect/wire/collect.ts');
  const { endpoints = {}, healthPath, notices = [] } = paths ?? {};
  evidence.notices.push(...notices);
  evidence.wire = await collectWire({
    url,
    ...(options.token !== undefined && { token: options.token }),
    headers: options.header ?? [],
    endpoints,
    ...(healthPath !== undefined && { healthPath }),
    // Of files that are only read, plain paths: what else is requested is the user's to say.
    polledPaths: pathsPolled(evidence).filter((path) => lab !== null || isPlainPath(path)),
    ...(tool && { tool }),
    burst: options.burst,
    timeoutMs: options.timeout,
    budgetMs,
    clientVersion: version,
    signal,
    onProgress: progress.step,
  });
}

async function disturb(looking: Look, lab: LabPlan): Promise<void> {
  const { plan, options, signal, progress, evidence } = looking;
  const { LabProblem, runLab } = await import('../../lab/lab.ts');
  try {
    const seen = await runLab(lab, {
      signal,
      budgetMs: plan.budgetMs,
      collectWire: async (request) => {
        const { collectWire } = await import('../../collect/wire/collect.ts');
        return collectWire(request);
      },
      meanwhile: () => readBeside(looking),
      // A server that was named is the one to look at; else a launched one is looked at as any running server.
      ...(!plan.url &&
        lab.transport === 'http' && {
          wire: () => ({
            polledPaths: pathsPolled(evidence),
            ...(plan.config.sse !== undefined && { sse: plan.config.sse }),
            burst: options.burst,
            timeoutMs: options.timeout,
            budgetMs: plan.budgetMs,
          }),
        }),
      report: progress.tell,
    });
    evidence.lab = seen.lab;
    if (seen.wire) evidence.wire = seen.wire;
  } catch (error) {
    if (!(error instanceof LabProblem)) throw error;
    const code = error.kind === 'configuration' ? exitCode.usage : exitCode.couldNotAssess;
    throw new CommandError(code, error.message, error.hint);
  }
}

/** What was not read yet. The lab has a line for each thing that it does at a time. */
async function readBeside(looking: Look): Promise<void> {
  const { plan, progress, evidence } = looking;
  if (!plan.project || evidence.project) return;
  const about = { id: 'files', question: 'What do its files declare?' };
  progress.tell({ ...about, step: `reading ${plan.project.directory}` });
  await readFiles(looking, plan.project);
  progress.tell({ ...about, step: null });
}

const pathsPolled = ({ project }: Evidence): string[] => (project ? polledPaths(project) : []);
