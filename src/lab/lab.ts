import { setMaxListeners } from 'node:events';
import type { LabEvidence } from '../evidence/lab/lab.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import { allOver } from './all-over.ts';
import { accessToken } from './client/endpoint.ts';
import { startClock } from './clock.ts';
import { baseline } from './experiments/baseline.ts';
import { experimentsOver } from './experiments/experiments.ts';
import { obstacleTo } from './experiments/obstacles.ts';
import { build } from './launcher/build.ts';
import type { LabPlan } from './plan.ts';
import { LabProblem } from './problem.ts';
import type { TellProgress } from './progress.ts';
import { type LabRun, openRun } from './run.ts';
import { runSideBySide } from './side-by-side.ts';
import { auditWire, type WireAudit } from './wire-audit.ts';

export { LabProblem } from './problem.ts';

export interface LabOptions {
  /** Milliseconds for everything. What is not over by then did not run. */
  budgetMs: number;
  /** Work that needs no server. It is done beside the build, and over before anything is launched that would miss its time. */
  meanwhile?: () => Promise<void>;
  /** Given: one instance is audited over the wire as well. It is asked for after `meanwhile`. */
  wire?: () => WireAudit;
  tell?: TellProgress;
}

export interface LabResult {
  lab: LabEvidence;
  /** What was seen of a launched instance over the wire; null: nobody asked, or nothing listened. */
  wire: WireEvidence | null;
}

/**
 * Launches the server under test, disturbs its world, and records what comes. This runs the project's code. When it is over,
 * however it ended, no process, port or file of it is left.
 *
 * @throws LabProblem when the lab cannot be set up, or the reason of an abort; never for what the server does
 */
export async function runLab(plan: LabPlan, options: LabOptions): Promise<LabResult> {
  const budget = AbortSignal.timeout(options.budgetMs);
  const run = await openRun(plan);
  try {
    return await carryOut(run, budget, options);
  } catch (error) {
    if (plan.signal.aborted || !budget.aborted) throw error;
    throw new LabProblem(
      'project',
      `The ${options.budgetMs / 1000} s of the audit were over before the server could be called.`,
      'Give it more time with --budget <ms>.',
    );
  } finally {
    await run.close();
  }
}

async function carryOut(
  run: LabRun,
  budget: AbortSignal,
  { meanwhile, wire, tell = () => {} }: LabOptions,
): Promise<LabResult> {
  const { plan, canaries } = run;
  const timed = {
    ...run,
    plan: { ...plan, signal: AbortSignal.any([plan.signal, budget]) },
  };
  setMaxListeners(0, timed.plan.signal);
  await allOver([built(timed, tell), meanwhile?.()]);
  const elapsed = startClock();
  const first = { id: 'baseline', question: 'Can it be launched and called?' };
  tell({ ...first, step: 'launching it' });
  const known = await baseline(timed);
  const baselineMs = Math.round(elapsed());
  tell({ ...first, step: null });
  const unserved = known.baseline.connection === null ? obstacleTo('endpoint', known.baseline) : null;

  const watched = async () => {
    if (wire === undefined || unserved !== null) return null;
    const about = { id: 'wire', question: 'What does it answer to clients, good and bad?' };
    const seen = await auditWire(timed, known, wire(), (step) => tell({ ...about, step }));
    tell({ ...about, step: null });
    return seen;
  };
  const [outcomes, seen] = await allOver([
    runSideBySide(run, known, experimentsOver[plan.transport], { budget, tell }),
    watched().catch((error) => {
      if (plan.signal.aborted || !budget.aborted) throw error;
      return null;
    }),
  ]);
  plan.signal.throwIfAborted();
  return {
    lab: {
      transport: plan.transport,
      command: canaries.mask(plan.command),
      platform: process.platform,
      secrets: [...Object.keys(canaries.values), ...(run.authorization === null ? [] : [accessToken])],
      secretsNamed: plan.secrets !== undefined,
      credential: credentialOf(run),
      baseline: known.baseline,
      unserved,
      ownWire: seen !== null,
      // Each has the history of its own id.
      experiments: Object.fromEntries(
        outcomes.map(({ id, result }) => [id, result]),
      ) as LabEvidence['experiments'],
      durations: {
        baseline: baselineMs,
        ...Object.fromEntries(outcomes.map(({ id, durationMs }) => [id, durationMs])),
      },
      durationMs: Math.round(elapsed()),
    },
    wire: seen,
  };
}

async function built(run: LabRun, tell: TellProgress): Promise<void> {
  const { build: command } = run.plan;
  if (command === undefined) return;
  const about = { id: 'build', question: 'Does it build?' };
  tell({ ...about, step: command });
  await build(run, command);
  tell({ ...about, step: null });
}

/** What clients prove with who they are; over stdio they are whoever started the server. */
function credentialOf({ plan, authorization }: LabRun): string | null {
  if (plan.transport === 'stdio') return null;
  return authorization === null ? (plan.credential ?? null) : accessToken;
}
