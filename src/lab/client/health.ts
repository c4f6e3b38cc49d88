import { randomUUID } from 'node:crypto';
import type { HttpRecord } from '../../evidence/lab/client.ts';
import type { NotRun } from '../../evidence/lab/experiment.ts';
import type { HealthPoll } from '../../evidence/lab/health-poll.ts';
import { healthKind } from '../../protocol/health-response.ts';
import { usualHealthPaths } from '../../protocol/usual-paths.ts';
import { watchEventLoopDelay } from '../async/event-loop-delay.ts';
import type { Instance } from '../world/instance.ts';
import type { World } from '../world/world.ts';
import { ask } from './http.ts';

/** Milliseconds for a poll, while nothing is disturbed. */
const timeoutMs = 5_000;

/**
 * GETs the configured health path, or a made-up path and then the usual ones until one answers as a health endpoint does.
 *
 * @returns all requests, the last two to the health endpoint if there is one
 * @throws the reason of an abort
 */
export async function findHealth(
  world: World,
  instance: Instance,
): Promise<{ polls: HttpRecord[]; path: string | null }> {
  const named = world.plan.health;
  const polls: HttpRecord[] = [];
  const poll = async (path: string) => {
    const record = await ask(world, instance, { path, timeoutMs });
    polls.push(record);
    return record.outcome.kind === 'answer' ? record.outcome : undefined;
  };
  const isHealth = named === undefined ? await comparedWith(poll) : () => true;
  for (const path of named === undefined ? usualHealthPaths : [named]) {
    if (!isHealth(await poll(path))) continue;
    // The first response after a start is slower than others.
    await poll(path);
    return { polls, path };
  }
  return { polls, path: null };
}

export const noHealthPath: NotRun = {
  ran: false,
  reason: 'The health path is unknown: no usual path returned 200 or 503 with JSON or text.',
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

type Answer = Extract<HttpRecord['outcome'], { kind: 'answer' }> | undefined;

/** Tells a health response from a catch-all route, by the response to a made-up path. */
async function comparedWith(poll: (path: string) => Promise<Answer>): Promise<(answer: Answer) => boolean> {
  const control = await poll(`/${randomUUID()}`);
  return (answer) => answer !== undefined && healthKind(answer, control) === 'health';
}
