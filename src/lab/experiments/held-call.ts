import type { CallRecord } from '../../evidence/lab/client.ts';
import type { LabClient } from '../client/client.ts';
import type { Instance } from '../instance.ts';
import type { ExperimentRun } from './experiment.ts';
import { obstacleTo } from './obstacles.ts';

export interface HeldCall {
  /** Why no call is in flight; null: one is. */
  notHeld: string | null;
  call: Promise<CallRecord> | null;
}

/** Begins a call whose upstream takes its time. It is in flight when the upstream was asked and the call has not ended. */
export async function holdCall(
  { known, step, plan }: ExperimentRun,
  { gateway }: Instance,
  client: LabClient,
): Promise<HeldCall> {
  const obstacle = obstacleTo('upstream', known.baseline);
  if (known.tool === null || obstacle !== null) {
    return { notHeld: obstacle?.reason ?? 'No tool can be called.', call: null };
  }
  step('waiting for a call to be in flight');
  await gateway.set('slow');
  const words = known.tool.arguments(1) ?? known.tool.arguments(0) ?? {};
  const arrived = gateway.arrived(gateway.record().requests.length + 1);
  const call = client.call(known.tool.name, words, { timeoutMs: plan.patienceMs });
  const first = await Promise.race([arrived.then(() => 'arrived'), call.then(() => 'ended')]);
  return {
    notHeld: first === 'arrived' ? null : 'The call ended before anything was asked upstream.',
    call,
  };
}
