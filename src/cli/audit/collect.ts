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

/** Collects the evidence that the plan names. Shows progress on stderr. */
export async function collect(
  plan: Plan,
  options: AuditOptions,
  context: CliContext,
): Promise<SavedEvidence> {
  const started = new Date();
  if (plan.lab) {
    const { build, command, directory } = plan.lab;
    const commands = build === undefined ? `"${command}"` : `"${build}", then "${command}"`;
    context.stderr.write(`mcp-prod: --lab runs ${printable(`${commands} in ${directory}`, 500)}\n`);
  }
  const progress = createProgress(context);
  try {
    const evidence = await collectEvidence(plan, options, context, progress);
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

/** One run of the collectors, with the evidence so far. */
interface Collection {
  plan: Plan;
  options: AuditOptions;
  signal: AbortSignal;
  /** Milliseconds left for the whole audit. */
  budgetMs: number;
  progress: Progress;
  evidence: Evidence;
}

async function collectEvidence(
  plan: Plan,
  options: AuditOptions,
  { signal }: CliContext,
  progress: Progress,
): Promise<Evidence> {
  const { url, project, lab, statements } = plan;
  const evidence: Evidence = { ...statements.evidence, notices: [...statements.notices] };
  const collection: Collection = { plan, options, signal, budgetMs: plan.budgetMs, progress, evidence };
  // Files first: they name the paths that the platform polls. The lab reads them during the build.
  if (project && (url || !lab)) {
    progress.step(`Reading ${project.directory}`);
    await readFiles(collection, project);
  }
  if (url) await auditServer(collection, url);
  if (lab) await runExperiments(collection, lab);
  return evidence;
}

// Parsers and clients are loaded late: usage errors do not need them.

async function readFiles(collection: Collection, project: ProjectTarget): Promise<void> {
  const { plan, evidence, signal, budgetMs } = collection;
  const { collectProject } = await import('../../collect/project/collect.ts');
  const started = performance.now();
  // With a URL, the server gets the other half.
  const budget = AbortSignal.timeout(plan.url ? Math.ceil(budgetMs / 2) : budgetMs);
  const files = await collectProject({ ...project, signal: AbortSignal.any([signal, budget]) });
  collection.budgetMs = Math.max(1, Math.round(budgetMs - (performance.now() - started)));
  evidence.project = files.evidence;
  evidence.notices.push(...files.notices);
  // Incomplete files must not lead to a report.
  signal.throwIfAborted();
}

async function auditServer(
  { plan: { paths, tool, lab }, options, signal, budgetMs, progress, evidence }: Collection,
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
    // Without the lab, the project's files may name plain paths only.
    polledPaths: polledPathsIn(evidence).filter((path) => lab !== null || isPlainPath(path)),
    ...(tool && { tool }),
    burst: options.burst,
    timeoutMs: options.timeout,
    budgetMs,
    clientVersion: version,
    signal,
    onProgress: progress.step,
  });
}

async function runExperiments(collection: Collection, lab: LabPlan): Promise<void> {
  const { plan, options, signal, progress, evidence } = collection;
  const { LabProblem, runLab } = await import('../../lab/lab.ts');
  try {
    const result = await runLab(lab, {
      signal,
      budgetMs: plan.budgetMs,
      collectWire: async (request) => {
        const { collectWire } = await import('../../collect/wire/collect.ts');
        return collectWire(request);
      },
      meanwhile: () => readFilesDuringBuild(collection),
      // Without a URL, a launched instance is audited over the wire.
      ...(!plan.url &&
        lab.transport === 'http' && {
          wire: () => ({
            polledPaths: polledPathsIn(evidence),
            ...(plan.config.sse !== undefined && { sse: plan.config.sse }),
            burst: options.burst,
            timeoutMs: options.timeout,
            budgetMs: plan.budgetMs,
          }),
        }),
      report: progress.report,
    });
    evidence.lab = result.lab;
    if (result.wire) evidence.wire = result.wire;
  } catch (error) {
    if (!(error instanceof LabProblem)) throw error;
    const code = error.kind === 'configuration' ? exitCode.usage : exitCode.couldNotAssess;
    throw new CommandError(code, error.message, error.hint);
  }
}

/** Reads the files during the build, with a progress line of its own. */
async function readFilesDuringBuild(collection: Collection): Promise<void> {
  const { plan, progress, evidence } = collection;
  if (!plan.project || evidence.project) return;
  const task = { id: 'files', question: 'What do the project’s files declare?' };
  progress.report({ ...task, step: `reading ${plan.project.directory}` });
  await readFiles(collection, plan.project);
  progress.report({ ...task, step: null });
}

const polledPathsIn = ({ project }: Evidence): string[] => (project ? polledPaths(project) : []);
