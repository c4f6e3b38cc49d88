import type { AnswersKept, ErrorsKept } from '../../evidence/lab/caching.ts';
import type { CallRecord } from '../../evidence/lab/client.ts';
import { pause } from '../async/pause.ts';
import { settleAll } from '../async/settle-all.ts';
import type { LabClient } from '../client/client.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { hasResult, onInstance, type Served } from './shared/on-instance.ts';

/** Milliseconds after which an open circuit breaker has tried again. A cached error lasts longer. */
const keptMs = 12_000;
const roundMs = 1_000;
const coldTries = 3;
/** Milliseconds between calls. An upstream request in this time is the server's own. */
const pauseMs = 100;

/** Counts what reaches the upstream when calls are repeated, differ, failed before, or run in parallel. */
export const caching: ExperimentOf<'caching'> = {
  id: 'caching',
  question: 'Does a repeated call reach the upstream?',
  does: 'Repeats calls, varies them, runs them in parallel, and repeats one that failed. Counts what reaches the upstream.',
  over: ['http', 'stdio'],
  needs: 'upstream',
  seconds: 4,
  run: async (run) => ({
    ran: true,
    history: { instances: await settleAll([answersOf(run), errorsOf(run)]) },
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
    // On a busy machine, a server that has just started may exceed its own timeout.
    await call('first', 0, coldTries);
    await call('repeated', 0, 1);
    await call('repeated', 0, 1);
    await call('other', 1, coldTries);
    run.step('making equal calls in parallel while the upstream is slow');
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
      await pause(roundMs, run.signal);
    }
    return { calls };
  });
  return { about: 'errors', ...seen };
}

/** @returns undefined if the tool has no such arguments */
async function callWith(
  run: ExperimentRun,
  { tool }: Served,
  client: LabClient,
  variant: number,
): Promise<CallRecord | undefined> {
  const words = tool.arguments(variant);
  if (words === undefined) return undefined;
  await pause(pauseMs, run.signal);
  return client.call(tool.name, words, { timeoutMs: run.plan.patienceMs });
}
