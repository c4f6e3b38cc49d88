import type { LabEvidence } from '../evidence/lab/lab.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import { settleAll } from './async/settle-all.ts';
import { obstacleTo } from './experiments/obstacles.ts';
import type { LabPlan } from './plan.ts';
import { LabProblem } from './problem.ts';
import { type ReportProgress, withProgress } from './progress.ts';
import { runSideBySide } from './side-by-side.ts';
import type { CollectWire, WireAudit } from './wire-collector.ts';
import { accessToken } from './world/canaries.ts';
import { startClock } from './world/clock.ts';
import { build } from './world/launcher/build.ts';
import { openWorld, type World } from './world/world.ts';

export { LabProblem } from './problem.ts';

export interface LabOptions {
  /** The user's. An abort ends the lab without a result. */
  signal: AbortSignal;
  /** Milliseconds for the whole lab. An experiment that has not ended by then did not run. */
  budgetMs: number;
  /** Work that needs no server. It runs beside the build and ends before the first launch, whose timing it would disturb. */
  meanwhile?: () => Promise<void>;
  /** Given: one instance is also audited over the wire. It is called after `meanwhile`. */
  wire?: () => WireAudit;
  collectWire: CollectWire;
  report?: ReportProgress;
}

export interface LabResult {
  lab: LabEvidence;
  /** Of a launched instance. Null: not requested, or nothing listened. */
  wire: WireEvidence | null;
}

/**
 * Builds and launches the server under test, injects faults, and records what happens. This runs the project's code. However
 * it ends, it leaves no process, port or file of the server behind.
 *
 * @throws LabProblem when the lab cannot be set up, or the reason of an abort; never for what the server does
 */
export async function runLab(plan: LabPlan, options: LabOptions): Promise<LabResult> {
  const { signal: user, budgetMs, meanwhile, collectWire, report = () => {} } = options;
  const budget = AbortSignal.timeout(budgetMs);
  const signal = AbortSignal.any([user, budget]);
  try {
    const world = await openWorld(plan, {
      signal,
      collectWire,
      beside: (host) => settleAll([loadClients(), build(host, report), meanwhile?.()]),
    });
    try {
      const result = await examine(world, { ...options, budget, report });
      user.throwIfAborted();
      return result;
    } finally {
      await world.close();
    }
  } catch (error) {
    if (user.aborted || !budget.aborted) throw error;
    throw new LabProblem(
      'project',
      `The time limit of ${budgetMs / 1000} s ended before the server answered a call.`,
      'Give it more time with --budget <ms>.',
    );
  }
}

/** These take as long to load as a small build takes to run. */
const loadClients = () =>
  Promise.all([
    import('./experiments/baseline.ts'),
    import('./experiments/experiments.ts'),
    import('./wire-audit.ts'),
  ]);

interface Examination extends Pick<LabOptions, 'wire'> {
  budget: AbortSignal;
  report: ReportProgress;
}

async function examine(world: World, { budget, wire, report }: Examination): Promise<LabResult> {
  const [{ baseline }, { experimentsOver }, { auditWire }] = await loadClients();
  const elapsed = startClock();
  const known = await withProgress(report, 'baseline', 'Does the server start and answer a call?', (step) => {
    step('launching the server');
    return baseline(world);
  });
  const baselineMs = Math.round(elapsed());
  const unserved = known.baseline.connection === null ? obstacleTo('endpoint', known.baseline) : null;

  const audit = async (makeAudit: () => WireAudit) => {
    const question = 'How does the server respond to good and bad requests?';
    try {
      return await withProgress(report, 'wire', question, (step) =>
        auditWire(world, known, makeAudit(), step),
      );
    } catch (error) {
      if (!budget.aborted) throw error;
      return null;
    }
  };
  const [outcomes, wireEvidence] = await settleAll([
    runSideBySide(world, known, experimentsOver(world.plan.transport), { budget, report }),
    wire === undefined || unserved !== null ? null : audit(wire),
  ]);
  // Each has the history of its own id.
  const experiments = Object.fromEntries(
    outcomes.map(({ id, result }) => [id, result]),
  ) as LabEvidence['experiments'];
  const durations = Object.fromEntries(outcomes.map(({ id, durationMs }) => [id, durationMs]));
  return {
    lab: {
      ...describe(world),
      baseline: known.baseline,
      unserved,
      ownWire: wireEvidence !== null,
      experiments,
      durations: { baseline: baselineMs, ...durations },
      durationMs: Math.round(elapsed()),
    },
    wire: wireEvidence,
  };
}

function describe({ plan, canaries, authorization }: World) {
  const bearer = authorization === null ? (plan.credential ?? null) : accessToken;
  return {
    transport: plan.transport,
    command: canaries.mask(plan.command),
    platform: process.platform,
    secrets: [...Object.keys(canaries.values), ...(authorization === null ? [] : [accessToken])],
    secretsNamed: plan.secrets !== undefined,
    // Over stdio, clients do not authenticate.
    credential: plan.transport === 'stdio' ? null : bearer,
  };
}
