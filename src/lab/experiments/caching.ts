import { setTimeout as delay } from 'node:timers/promises';
import type { AnswersKept, ErrorsKept } from '../../evidence/lab/caching.ts';
import type { CallRecord } from '../../evidence/lab/client.ts';
import { allOver } from '../all-over.ts';
import type { LabClient } from '../client/client.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { hasResult, onInstance, type Served } from './shared/on-instance.ts';

/** Milliseconds in which a circuit breaker that opened has tried again; an error that is kept is kept for longer. */
const keptMs = 12_000;
const roundMs = 1_000;
const coldTries = 3;
/** Between calls: what the server asks then, it asks by itself. */
const pauseMs = 100;

/** What reaches the upstream when calls are repeated, differ, failed before, or run side by side? */
export const caching: ExperimentOf<'caching'> = {
  id: 'caching',
  question: 'Does a repeated call reach the upstream?',
  does: 'Repeats calls, varies them, runs them in parallel, and repeats one that failed. Counts what reaches the upstream.',
  over: ['http', 'stdio'],
  needs: 'upstream',
  seconds: 4,
  run: async (run) => ({
    ran: true,
    history: { instances: await allOver([answersOf(run), errorsOf(run)]) },
  }),
};

async function answersOf(run: ExperimentRun): Promise<AnswersKept> {
  const seen = await onInstance(run, async (served) => {
    const client = await served.connect();
    const calls: AnswersKept['calls'] = [];
    const call = async (role: AnswersKept['calls'][number]['role'], variant: number, tries: number) => {
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const record = await callWith(run, served, client, variant);
        if (record !== undefined) calls.push({ ...record, role });
        if (record === undefined || hasResult(record)) return;
      }
    };
    // On a busy machine, a server that has just been started may miss its own limit.
    await call('first', 0, coldTries);
    await call('repeated', 0, 1);
    await call('repeated', 0, 1);
    await call('other', 1, coldTries);
    run.step('equal calls side by side, while the upstream is slow');
    await served.instance.gateway.set('slow');
    const parallel = await Promise.all([2, 2, 2].map((variant) => callWith(run, served, client, variant)));
    for (const call of parallel) if (call !== undefined) calls.push({ ...call, role: 'parallel' });
    return { calls };
  });
  return { about: 'answers', ...seen };
}

async function errorsOf(run: ExperimentRun): Promise<ErrorsKept> {
  const { patienceMs } = run.plan;
  const seen = await onInstance(run, async (served) => {
    const { gateway, now } = served.instance;
    const client = await served.connect();
    const calls: ErrorsKept['calls'] = [];
    const call = async (role: ErrorsKept['calls'][number]['role'], variant: number) => {
      const record = await callWith(run, served, client, variant);
      if (record !== undefined) calls.push({ ...record, role });
      return record;
    };
    const varied = served.tool.arguments(1) === undefined ? 0 : 1;
    await gateway.set('server-error');
    await call('failing', varied);
    await gateway.set('pass');
    const until = now() + Math.min(patienceMs, keptMs);
    for (let round = 0; ; round += 1) {
      if (varied === 1) await call('fresh', round === 0 ? 0 : round + 1);
      const retried = await call('retried', varied);
      if ((retried !== undefined && hasResult(retried)) || now() > until) break;
      run.step('repeating a call that failed');
      await delay(roundMs, undefined, { signal: run.plan.signal });
    }
    return { calls };
  });
  return { about: 'errors', ...seen };
}

/** @returns undefined where the tool has no such arguments */
async function callWith(
  run: ExperimentRun,
  { tool }: Served,
  client: LabClient,
  variant: number,
): Promise<CallRecord | undefined> {
  const words = tool.arguments(variant);
  if (words === undefined) return undefined;
  await delay(pauseMs, undefined, { signal: run.plan.signal });
  return client.call(tool.name, words, { timeoutMs: run.plan.patienceMs });
}
