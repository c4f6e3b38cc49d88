import type { Failure, FailureMet, InstanceThatMet } from '../../evidence/lab/failing-upstream.ts';
import { pause } from '../async/pause.ts';
import { settleAll } from '../async/settle-all.ts';
import type { LabClient } from '../client/client.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { hasResult, onInstance, type Served } from './shared/on-instance.ts';

/** Milliseconds in which a server must recover once the upstream is back. Most circuit breakers try again by then. */
const recoveryMs = 12_000;
const roundMs = 1_000;

/** One instance meets the faults of one row. Refused connections leave no trace at the gateway, and come first. */
const inTurn: readonly (readonly Failure[])[] = [
  ['refuse', 'server-error'],
  ['reset', 'too-many-requests'],
];

/** The call must say that the upstream failed, and the next one must work again. */
export const failingUpstream: ExperimentOf<'failing-upstream'> = {
  id: 'failing-upstream',
  question: 'Does a call end in a clear error when the upstream fails?',
  does: 'Calls a tool while the upstream resets or refuses connections, and while it answers 500 or 429. Calls again when it is back.',
  over: ['http', 'stdio'],
  needs: 'upstream',
  seconds: 6,
  run: async (run) => {
    const seen = await settleAll(inTurn.map((faults) => meetAll(run, faults)));
    return { ran: true, history: { instances: seen.flat(), boundMs: run.plan.patienceMs } };
  },
};

/** An instance that has not recovered, or that asks nothing more, is replaced for the remaining faults. */
async function meetAll(run: ExperimentRun, faults: readonly Failure[]): Promise<InstanceThatMet[]> {
  const seen = await onInstance(run, async (served) => {
    const meeting = { run, served, client: await served.connect(), variant: 0 };
    const failures: FailureMet[] = [];
    for (const fault of faults) {
      const { met, asked, recovered } = await meet(meeting, fault);
      if (asked || failures.length === 0) failures.push(met);
      if (!(asked && recovered)) break;
    }
    return { failures };
  });
  const others = faults.slice(seen.failures.length);
  return others.length === 0 ? [seen] : [seen, ...(await meetAll(run, others))];
}

interface Meeting {
  run: ExperimentRun;
  served: Served;
  client: LabClient;
  /** Of the arguments that come next. */
  variant: number;
}

async function meet(
  meeting: Meeting,
  fault: Failure,
): Promise<{ met: FailureMet; asked: boolean; recovered: boolean }> {
  const { run, served, client } = meeting;
  const { tool, instance } = served;
  const { gateway } = instance;
  const { patienceMs } = run.plan;
  const { signal } = run;
  const calls: FailureMet['calls'] = [];
  const call = async (role: FailureMet['calls'][number]['role']) => {
    const words = tool.arguments(meeting.variant) ?? tool.arguments(0) ?? {};
    const record = await client.call(tool.name, words, { timeoutMs: patienceMs });
    calls.push({ ...record, role });
    meeting.variant += 1;
    return record;
  };
  // If there are enough arguments, a first call shows that made-up ones work.
  if (meeting.variant === 0 && tool.arguments(2) !== undefined) meeting.variant = 1;
  if (tool.arguments(meeting.variant + 1) !== undefined) await call('before');
  await gateway.set(fault);
  run.step(`calling a tool while the upstream fails (${fault})`);
  await call('failing');
  await gateway.set('pass');
  const asked = fault === 'refuse' || gateway.record().requests.some((request) => request.fault === fault);
  const until = instance.now() + Math.min(patienceMs, recoveryMs);
  for (let made = 1; ; made += 1) {
    const record = await call('afterwards');
    if (hasResult(record)) return { met: { fault, calls }, asked, recovered: true };
    // One call without a response may be bad luck.
    if (instance.now() > until && made > 1) return { met: { fault, calls }, asked, recovered: false };
    run.step(`waiting for calls to work again (after ${fault})`);
    await pause(roundMs, signal);
  }
}
