import type { HttpRecord } from '../../evidence/lab/client.ts';
import type { NotRun } from '../../evidence/lab/experiment.ts';
import type { HealthPoll } from '../../evidence/lab/health-poll.ts';
import { usualHealthPaths } from '../../protocol/usual-paths.ts';
import { watchEventLoopDelay } from '../async/event-loop-delay.ts';
import type { Instance } from '../world/instance.ts';
import type { World } from '../world/world.ts';
import { ask } from './http.ts';

/** Milliseconds for a poll, while nothing is disturbed. */
const timeoutMs = 5_000;

/**
 * GETs the configured health path, or the usual ones until one answers 200 or 503 with a JSON object. A catch-all page does not.
 *
 * @returns all requests, the last two to the health endpoint
 * @throws the reason of an abort
 */
export async function findHealth(
  world: World,
  instance: Instance,
): Promise<{ polls: HttpRecord[]; path: string | null }> {
  const named = world.plan.health;
  const polls: HttpRecord[] = [];
  for (const path of named === undefined ? usualHealthPaths : [named]) {
    const poll = await ask(world, instance, { path, timeoutMs });
    polls.push(poll);
    if (named === undefined && !isHealth(poll)) continue;
    // The first response after a start is slower than others.
    polls.push(await ask(world, instance, { path, timeoutMs }));
    return { polls, path };
  }
  return { polls, path: null };
}

export const noHealthPath: NotRun = {
  ran: false,
  reason: 'The health path is unknown: none of the usual paths answered 200 or 503 with a JSON object.',
  help: 'Name the path in "health", or with --health-path.',
};

/** Milliseconds for one poll, three times the usual probe timeout. */
const pollTimeoutMs = 3_000;

/**
 * GETs the health path once, on a connection of its own, as an orchestrator does.
 *
 * @throws the reason of an abort
 */
export async function pollHealth(world: World, instance: Instance, path: string): Promise<HealthPoll> {
  const stopWatch = watchEventLoopDelay();
  let lateMs = 0;
  const poll = await ask(world, instance, { path, timeoutMs: pollTimeoutMs }).finally(() => {
    lateMs = stopWatch();
  });
  return { ...poll, lateMs };
}

function isHealth({ outcome }: HttpRecord): boolean {
  return outcome.kind === 'answer' && [200, 503].includes(outcome.status) && /^\s*\{/.test(outcome.body);
}
