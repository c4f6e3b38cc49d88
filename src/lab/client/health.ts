import type { HttpRecord } from '../../evidence/lab/client.ts';
import type { NotRun } from '../../evidence/lab/experiment.ts';
import type { HealthPoll } from '../../evidence/lab/health-poll.ts';
import { usualHealthPaths } from '../../protocol/usual-paths.ts';
import { watchLateness } from '../lateness.ts';
import type { Instance } from '../world/instance.ts';
import type { LabRun } from '../world/world.ts';
import { ask } from './http.ts';

/** Milliseconds for a poll of a server in good health. */
const timeoutMs = 5_000;

/**
 * GETs the health path that the configuration names, or the usual ones until one answers as a health endpoint does: 200 or
 * 503 with a JSON object, which a page for everything has not.
 *
 * @returns what was asked, the health endpoint last and twice, and its path
 * @throws the reason of an abort
 */
export async function findHealth(
  run: LabRun,
  instance: Instance,
): Promise<{ polls: HttpRecord[]; path: string | null }> {
  const named = run.plan.health;
  const polls: HttpRecord[] = [];
  for (const path of named === undefined ? usualHealthPaths : [named]) {
    const poll = await ask(run, instance, { path, timeoutMs });
    polls.push(poll);
    if (named === undefined && !isHealth(poll)) continue;
    // The first answer of a process that has just started takes longer than any other.
    polls.push(await ask(run, instance, { path, timeoutMs }));
    return { polls, path };
  }
  return { polls, path: null };
}

export const noHealthPath: NotRun = {
  ran: false,
  reason: 'No health path is known: none of the usual ones answered 200 or 503 with a JSON object.',
  help: 'Name it in "health", or with --health-path.',
};

/** Milliseconds for one of many polls: three times what a supervisor gives it. */
const pollTimeoutMs = 3_000;

/**
 * GETs the health path once, on a connection of its own, as a supervisor does.
 *
 * @throws the reason of an abort
 */
export async function pollHealth(run: LabRun, instance: Instance, path: string): Promise<HealthPoll> {
  const lateness = watchLateness();
  try {
    const poll = await ask(run, instance, { path, timeoutMs: pollTimeoutMs });
    return { ...poll, lateMs: lateness() };
  } finally {
    lateness();
  }
}

function isHealth({ outcome }: HttpRecord): boolean {
  return outcome.kind === 'answer' && [200, 503].includes(outcome.status) && /^\s*\{/.test(outcome.body);
}
