import type { LabEvidence } from '../evidence/lab.ts';
import { baseline } from './experiments/baseline.ts';
import { type LabPlan, openRun } from './run.ts';

/**
 * Launches the server under test and records what comes. This runs the project's code. When it is over, however it
 * ended, no process, port or file of it is left.
 *
 * @throws Error when the lab cannot be set up, or the reason of an abort; never for what the server does
 */
export async function runLab(plan: LabPlan): Promise<LabEvidence> {
  const run = await openRun(plan);
  try {
    return {
      command: run.canaries.mask(plan.command),
      platform: process.platform,
      experiments: { baseline: await baseline(run) },
    };
  } finally {
    await run.close();
  }
}
