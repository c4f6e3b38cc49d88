import { setMaxListeners } from 'node:events';
import type { LabEvidence } from '../evidence/lab/lab.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import { allOver } from './all-over.ts';
import { accessToken } from './client/endpoint.ts';
import { baseline } from './experiments/baseline.ts';
import { experimentsOver } from './experiments/experiments.ts';
import { obstacleTo } from './experiments/obstacles.ts';
import type { LabPlan } from './plan.ts';
import type { TellProgress } from './progress.ts';
import { runSideBySide } from './side-by-side.ts';
import { auditWire, type WireAudit } from './wire-audit.ts';
import { startClock } from './world/clock.ts';
import type { Site } from './world/site.ts';
import { type LabRun, makeKeys, openRun } from './world/world.ts';

export interface LabResult {
  lab: LabEvidence;
  /** What was seen of a launched instance over the wire; null: nobody asked, or nothing listened. */
  wire: WireEvidence | null;
}

export interface Work {
  /** Aborted when the time of the lab is over. */
  budget: AbortSignal;
  wire: (() => WireAudit) | undefined;
  tell: TellProgress;
}

/** Makes ready whatever needs no server. Returns what carries out the rest, once the server is built. */
export async function prepare(plan: LabPlan): Promise<(site: Site, work: Work) => Promise<LabResult>> {
  const keys = await makeKeys(plan);
  return async (site, work) => {
    const run = await openRun(site, keys);
    try {
      return await carryOut(run, work);
    } finally {
      await run.close();
    }
  };
}

/**
 * Launches the server, finds out what it is, and runs every experiment on it.
 *
 * @throws the reason of an abort, by the user at any time, by the budget before there is a client
 */
async function carryOut(run: LabRun, { budget, wire, tell }: Work): Promise<LabResult> {
  const { plan, canaries } = run;
  const timed = { ...run, plan: { ...plan, signal: AbortSignal.any([plan.signal, budget]) } };
  setMaxListeners(0, timed.plan.signal);
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
    runSideBySide(run, known, experimentsOver(plan.transport), { budget, tell }),
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

/** What clients prove with who they are; over stdio they are whoever started the server. */
function credentialOf({ plan, authorization }: LabRun): string | null {
  if (plan.transport === 'stdio') return null;
  return authorization === null ? (plan.credential ?? null) : accessToken;
}
