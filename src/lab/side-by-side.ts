import { setMaxListeners } from 'node:events';
import type { Experiment } from '../evidence/lab/experiment.ts';
import type { AnyExperiment } from './experiments/experiment.ts';
import { obstacleTo } from './experiments/obstacles.ts';
import type { KnownServer } from './known-server.ts';
import type { TellProgress } from './progress.ts';
import type { CollectWire } from './wire-audit.ts';
import type { Slots } from './world/slots.ts';
import type { LabRun } from './world/world.ts';

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
  { budget, collectWire, tell }: { budget: AbortSignal; collectWire: CollectWire; tell: TellProgress },
): Promise<Outcome[]> {
  const { signal } = run.plan;
  const bounded = { ...run, plan: { ...run.plan, signal: AbortSignal.any([signal, budget]) } };
  // Every wait of every experiment listens.
  setMaxListeners(0, bounded.plan.signal);
  const longestFirst = [...experiments].sort((left, right) => right.seconds - left.seconds);
  const outcomes = await Promise.all(
    longestFirst.map(async ({ id, question, needs, run: carryOut }): Promise<Outcome> => {
      const obstacle = obstacleTo(needs, known.baseline);
      if (obstacle !== null) {
        tell({ id, question, step: null });
        return { id, result: obstacle, durationMs: 0 };
      }
      // What it waits for others is not its own time.
      let begin = performance.now();
      const line = standInLine(bounded.launches, bounded.plan.signal, () => {
        begin = performance.now();
      });
      const step = (text: string) => tell({ id, question, step: text });
      step('waiting for its turn');
      const result = await carryOut({ ...bounded, launches: line.slots, known, collectWire, step })
        .catch((error) => notRun(error, budget))
        .finally(line.leave);
      tell({ id, question, step: null });
      return { id, result, durationMs: Math.round(performance.now() - begin) };
    }),
  );
  signal.throwIfAborted();
  return outcomes;
}

/** The same slots, with a place in line from now on, whatever is prepared before it is needed. Says when the first was given. */
function standInLine(
  slots: Slots,
  signal: AbortSignal,
  then: () => void,
): { slots: Slots; leave: () => void } {
  const place = slots.take(signal);
  // Whoever takes it hears of an abort.
  place.catch(() => {});
  let taken = false;
  return {
    slots: {
      take: async (signal) => {
        if (taken) return slots.take(signal);
        taken = true;
        const giveBack = await place;
        then();
        return giveBack;
      },
    },
    leave: () => {
      if (!taken) place.then((giveBack) => giveBack()).catch(() => {});
    },
  };
}

function notRun(error: unknown, budget: AbortSignal): Experiment<never> {
  if (budget.aborted) {
    return { ran: false, reason: 'Time ran out before it was over.', help: 'Give it more with --budget.' };
  }
  return { ran: false, reason: `It could not be carried out: ${(error as Error).message}` };
}
