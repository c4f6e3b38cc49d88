import type { AnswersKept, ColdKept, ErrorsKept } from '../../evidence/lab/caching.ts';
import type { CallRecord } from '../../evidence/lab/client.ts';
import { pause } from '../async/pause.ts';
import { settleAll } from '../async/settle-all.ts';
import type { LabClient } from '../client/client.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { hasResult, onInstance, type Served } from './shared/on-instance.ts';

type Arguments = Record<string, unknown>;
type Role = AnswersKept['calls'][number]['role'];

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
  run: async (run) => {
    const [[answers, ...cold], errors] = await settleAll([answersOf(run), errorsOf(run)]);
    return { ran: true, history: { instances: [answers, errors, ...cold] } };
  },
};

/** A warm instance, and a cold one for each call that the warm one answered without a new upstream request. */
async function answersOf(run: ExperimentRun): Promise<[AnswersKept, ...ColdKept[]]> {
  const { answers, unexplained } = await warmOf(run);
  if (unexplained.length > 0) run.step('asking fresh instances what they need for other arguments');
  const cold = await settleAll(unexplained.map((given) => coldOf(run, given)));
  return [answers, ...cold.filter((one) => one !== null)];
}

async function warmOf(run: ExperimentRun): Promise<{ answers: AnswersKept; unexplained: Arguments[] }> {
  const { unexplained, ...seen } = await onInstance(run, async (served) => {
    const { gateway } = served.instance;
    const client = await served.connect();
    const calls: AnswersKept['calls'] = [];
    const call = async (role: Role, given: Arguments | undefined, tries: number) => {
      for (let attempt = 0; given !== undefined && attempt < tries; attempt += 1) {
        const record = await callWith(run, served, client, given);
        calls.push({ ...record, role });
        if (hasResult(record)) return true;
      }
      return false;
    };
    const requests = () => gateway.record().requests.map(({ fingerprint }) => fingerprint);
    const unexplained: Arguments[] = [];
    let repeatable = false;
    const compare = async (role: Role, given: Arguments | undefined, tries: number) => {
      const known = requests();
      const answered = given !== undefined && (await call(role, given, tries));
      const isNew = requests().some((request) => !known.includes(request));
      // Where equal calls send requests as well, a new one may not be for the arguments.
      if (answered && !(isNew && repeatable)) unexplained.push(given);
    };
    const { tool } = served;
    // On a busy machine, a server that has just started may exceed its own timeout.
    await call('first', tool.arguments(0), coldTries);
    const before = requests().length;
    await call('repeated', tool.arguments(0), 1);
    await call('repeated', tool.arguments(0), 1);
    repeatable = requests().length === before;
    await compare('other', tool.arguments(1), coldTries);
    run.step('making equal calls in parallel while the upstream is slow');
    await gateway.set('slow');
    const third = tool.arguments(2);
    if (third !== undefined) {
      const parallel = await Promise.all([1, 2, 3].map(() => callWith(run, served, client, third)));
      calls.push(...parallel.map((record) => ({ ...record, role: 'parallel' as const })));
    }
    await gateway.set('pass');
    for (const given of tool.textVariations) await compare('varied', given, 1);
    return { calls, unexplained };
  });
  return { answers: { about: 'answers', ...seen }, unexplained };
}

/** @returns null if it served no client: another instance has shown what the server does */
async function coldOf(run: ExperimentRun, given: Arguments): Promise<ColdKept | null> {
  try {
    const seen = await onInstance(run, async (served) => {
      const client = await served.connect();
      const calls: ColdKept['calls'] = [];
      for (let attempt = 0; attempt < coldTries; attempt += 1) {
        const record = await callWith(run, served, client, given);
        calls.push({ ...record, role: 'cold' });
        if (hasResult(record)) break;
      }
      return { calls };
    });
    return { about: 'cold', ...seen };
  } catch {
    run.signal.throwIfAborted();
    return null;
  }
}

async function errorsOf(run: ExperimentRun): Promise<ErrorsKept> {
  const { patienceMs } = run.plan;
  const seen = await onInstance(run, async (served) => {
    const { gateway, now } = served.instance;
    const client = await served.connect();
    const calls: ErrorsKept['calls'] = [];
    const call = async (role: ErrorsKept['calls'][number]['role'], variant: number) => {
      const given = served.tool.arguments(variant);
      if (given === undefined) return undefined;
      const record = await callWith(run, served, client, given);
      calls.push({ ...record, role });
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

async function callWith(
  run: ExperimentRun,
  { tool }: Served,
  client: LabClient,
  given: Arguments,
): Promise<CallRecord> {
  await pause(pauseMs, run.signal);
  return client.call(tool.name, given, { timeoutMs: run.plan.patienceMs });
}
