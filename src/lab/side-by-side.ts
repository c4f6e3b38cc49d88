import type { Experiment } from '../evidence/lab/experiment.ts';
import type { Semaphore } from './async/semaphore.ts';
import type { AnyExperiment } from './experiments/experiment.ts';
import { obstacleTo } from './experiments/obstacles.ts';
import type { KnownServer } from './known-server.ts';
import { type ReportProgress, withProgress } from './progress.ts';
import type { World } from './world/world.ts';

export interface Outcome {
  id: AnyExperiment['id'];
  result: Experiment<unknown>;
  durationMs: number;
}

/**
 * Runs experiments side by side, each on instances of its own, the longest first. One that cannot run, fails or runs out of
 * time is recorded as not run and does not affect the others.
 *
 * @param budget aborted when the time of the lab is over
 * @throws the reason of the user's abort, after all have stopped
 */
export async function runSideBySide(
  world: World,
  known: KnownServer,
  experiments: readonly AnyExperiment[],
  { budget, report }: { budget: AbortSignal; report: ReportProgress },
): Promise<Outcome[]> {
  const longestFirst = [...experiments].sort((left, right) => right.seconds - left.seconds);
  const outcomes = await Promise.all(
    longestFirst.map(({ id, question, needs, run }) =>
      withProgress(report, id, question, async (step): Promise<Outcome> => {
        const obstacle = obstacleTo(needs, known.baseline);
        if (obstacle !== null) return { id, result: obstacle, durationMs: 0 };
        step('waiting for a launch slot');
        const place = reserve(world.launches, world.signal);
        const result = await run({ ...world, launches: place.launches, known, step })
          .catch((error) => notRun(error, budget))
          .finally(place.leave);
        return { id, result, durationMs: Math.round(performance.now() - place.beginMs()) };
      }),
    ),
  );
  if (!budget.aborted) world.signal.throwIfAborted();
  return outcomes;
}

interface Place {
  launches: Semaphore;
  /** When the first launch began: the time in the queue does not count. */
  beginMs: () => number;
  leave: () => void;
}

/** The same semaphore, with a place in its queue from now on, however long the first launch is prepared. */
function reserve(launches: Semaphore, signal: AbortSignal): Place {
  let begin = performance.now();
  const place = launches.acquire(signal);
  // The first launch gets the reason of an abort.
  place.catch(() => {});
  let taken = false;
  return {
    launches: {
      acquire: async (signal) => {
        if (taken) return launches.acquire(signal);
        taken = true;
        const release = await place;
        begin = performance.now();
        return release;
      },
    },
    beginMs: () => begin,
    leave: () => {
      if (!taken) place.then((release) => release()).catch(() => {});
    },
  };
}

function notRun(error: unknown, budget: AbortSignal): Experiment<never> {
  return budget.aborted
    ? {
        ran: false,
        reason: 'The time limit ended before the experiment did.',
        help: 'Raise it with --budget.',
      }
    : { ran: false, reason: `The experiment failed: ${(error as Error).message}` };
}
