import { setMaxListeners } from 'node:events';
import { allOver } from './all-over.ts';
import type { LabResult } from './carry-out.ts';
import type { LabPlan } from './plan.ts';
import { LabProblem } from './problem.ts';
import type { TellProgress } from './progress.ts';
import type { CollectWire, WireAudit } from './wire-audit.ts';
import { build } from './world/launcher/build.ts';
import { openSite, type Site } from './world/site.ts';

export { LabProblem } from './problem.ts';

export interface LabOptions {
  /** Milliseconds for everything. What is not over by then did not run. */
  budgetMs: number;
  /** Work that needs no server. It is done beside the build, and over before anything is launched that would miss its time. */
  meanwhile?: () => Promise<void>;
  /** Given: one instance is audited over the wire as well. It is asked for after `meanwhile`. */
  wire?: () => WireAudit;
  /** How a launched instance is audited over the wire. */
  collectWire: CollectWire;
  tell?: TellProgress;
}

/**
 * Builds and launches the server under test, disturbs its world, and records what comes. This runs the project's code. When it
 * is over, however it ended, no process, port or file of it is left.
 *
 * @throws LabProblem when the lab cannot be set up, or the reason of an abort; never for what the server does
 */
export async function runLab(
  plan: LabPlan,
  { budgetMs, meanwhile, wire, collectWire, tell = () => {} }: LabOptions,
): Promise<LabResult> {
  const budget = AbortSignal.timeout(budgetMs);
  const signal = AbortSignal.any([plan.signal, budget]);
  setMaxListeners(0, signal);
  const site = await openSite(plan);
  try {
    const [carryOut] = await allOver([
      // Clients and keys take as long as a small build.
      import('./carry-out.ts').then(({ prepare }) => prepare(plan)),
      buildFirst({ ...site, plan: { ...plan, signal } }, tell),
      meanwhile?.(),
    ]);
    return await carryOut(site, { budget, wire, collectWire, tell });
  } catch (error) {
    if (plan.signal.aborted || !budget.aborted) throw error;
    throw new LabProblem(
      'project',
      `The ${budgetMs / 1000} s of the audit were over before the server could be called.`,
      'Give it more time with --budget <ms>.',
    );
  } finally {
    await site.close();
  }
}

async function buildFirst(site: Site, tell: TellProgress): Promise<void> {
  const { build: command } = site.plan;
  if (command === undefined) return;
  const about = { id: 'build', question: 'Does it build?' };
  tell({ ...about, step: command });
  await build(site, command);
  tell({ ...about, step: null });
}
