import { setMaxListeners } from 'node:events';
import type { Experiment } from '../evidence/lab/experiment.ts';
import type { AnyExperiment } from './experiments/experiment.ts';
import { obstacleTo } from './experiments/obstacles.ts';
import type { KnownServer } from './known-server.ts';
import type { TellProgress } from './progress.ts';
import type { LabRun } from './run.ts';
import type { Slots } from './slots.ts';

export interface Outcome {
  id: AnyExperiment['id'];
  result: Experiment<unknown>;
  durationMs: number;
}

/**
 * Runs experiments side by side, each on instances of its own, the longest first. One that cannot run, fails or runs out of
 * time says so and disturbs no other.
 *
 * @param budget aborted when the time of the lab is over
 * @throws the reason of the user's abort, when all have stopped
 */
export async function runSideBySide(
  run: LabRun,
  known: KnownServer,
  experiments: readonly AnyExperiment[],
  { budget, tell }: { budget: AbortSignal; tell: TellProgress },
): Promise<Outcome[]> {
  const { signal } = run.plan;
  const bounded = { ...run, plan: { ...run.plan, signal: AbortSignal.any([signal, budget]) } };
  // Every wait of every experiment listens.
  setMaxListeners(0, bounded.plan.signal);
  const longestFirst = [...experiments].sort((left, right) => right.seconds - left.seconds);
  const outcomes = await Promise.all(
    longestFirst.map(async ({ id, question, needs, run: carryOut }): Promise<Outcome> => {
      // What it waits for others is not its own time.
      let begin = performance.now();
      const waiting = () => {
        begin = performance.now();
      };
      const launches = whenFirstTaken(bounded.launches, waiting);
      const step = (text: string) => tell({ id, question, step: text });
      step('waiting for its turn');
      const result =
        obstacleTo(needs, known.baseline) ??
        (await carryOut({ ...bounded, launches, known, step }).catch((error) => notRun(error, budget)));
      tell({ id, question, step: null });
      return { id, result, durationMs: Math.round(performance.now() - begin) };
    }),
  );
  signal.throwIfAborted();
  return outcomes;
}

/** The same slots; says when the first was given. */
function whenFirstTaken(slots: Slots, then: () => void): Slots {
  let first = true;
  return {
    take: async (signal) => {
      const giveBack = await slots.take(signal);
      if (first) then();
      first = false;
      return giveBack;
    },
  };
}

function notRun(error: unknown, budget: AbortSignal): Experiment<never> {
  if (budget.aborted) {
    return { ran: false, reason: 'Time ran out before it was over.', help: 'Give it more with --budget.' };
  }
  return { ran: false, reason: `It could not be carried out: ${(error as Error).message}` };
}
