import { setTimeout as delay } from 'node:timers/promises';
import { type Failure, type FailureSeen, failure } from '../../evidence/lab/failing-upstream.ts';
import { allOver } from '../all-over.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { hasResult, onInstance } from './on-instance.ts';

/** Milliseconds that a server has to do its work again after the upstream is back: most circuit breakers try by then. */
const recoveryMs = 12_000;
const roundMs = 1_000;

/** The upstream resets, refuses, breaks or has had enough: does the call tell, and does the next one work again? */
export const failingUpstream: ExperimentOf<'failing-upstream'> = {
  id: 'failing-upstream',
  question: 'Does a call end in a clean error when the upstream fails?',
  needs: 'upstream',
  seconds: 7,
  run: async (run) => {
    // Each fault meets a server that has met no other: a circuit breaker remembers.
    const seen = await allOver(failure.options.map((fault) => meet(run, fault)));
    return { ran: true, history: { instances: seen, boundMs: run.plan.patienceMs } };
  },
};

async function meet(run: ExperimentRun, fault: Failure): Promise<FailureSeen> {
  const { patienceMs, signal } = run.plan;
  const seen = await onInstance(run, async ({ instance, tool, connect }) => {
    const { gateway } = instance;
    const calls: FailureSeen['calls'] = [];
    const client = await connect();
    const call = async (role: FailureSeen['calls'][number]['role'], variant: number) => {
      const words = tool.arguments(variant) ?? tool.arguments(0) ?? {};
      const record = await client.call(tool.name, words, { timeoutMs: patienceMs });
      calls.push({ ...record, role });
      return record;
    };
    // That arguments made for the occasion work at all is shown first, where there are enough of them.
    const varied = tool.arguments(2) === undefined ? 0 : 1;
    if (tool.arguments(varied + 1) !== undefined) await call('before', varied);
    await gateway.set(fault);
    run.step(`a call meets ${fault}`);
    await call('failing', varied + 1);
    await gateway.set('pass');
    const until = instance.now() + Math.min(patienceMs, recoveryMs);
    for (let variant = varied + 2; ; variant += 1) {
      const record = await call('afterwards', variant);
      // One call without an answer may be bad luck.
      if (hasResult(record) || (instance.now() > until && variant > varied + 2)) break;
      run.step(`waiting for calls to work again after ${fault}`);
      await delay(roundMs, undefined, { signal });
    }
    return { calls };
  });
  return { fault, ...seen };
}
