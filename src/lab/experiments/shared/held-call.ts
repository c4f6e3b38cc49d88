import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { LabClient } from '../../client/client.ts';
import type { Instance } from '../../world/instance.ts';
import type { ExperimentRun } from '../experiment.ts';
import { obstacleTo } from '../obstacles.ts';

export interface HeldCall {
  /** Why no call is in flight; null if one is. */
  notHeld: string | null;
  call: Promise<CallRecord> | null;
}

/** Starts a call while the upstream is slow. It is in flight once its request reached the upstream. */
export async function holdCall(
  { known, step, plan }: ExperimentRun,
  { gateway }: Instance,
  client: LabClient | null,
): Promise<HeldCall> {
  const obstacle = obstacleTo('upstream', known.baseline);
  if (client === null || known.tool === null || obstacle !== null) {
    const why = obstacle === null ? ['No tool can be called.'] : [obstacle.reason, obstacle.help];
    return { notHeld: why.filter(Boolean).join(' '), call: null };
  }
  step('waiting for a call to be in flight');
  await gateway.set('slow');
  const { requests, moreRequests } = gateway.record();
  const words = known.tool.arguments(1) ?? known.tool.arguments(0) ?? {};
  const call = client.call(known.tool.name, words, { timeoutMs: plan.patienceMs });
  const first = await Promise.race([
    gateway.arrived(requests.length + moreRequests + 1).then(() => 'arrived' as const),
    call.then(() => 'ended' as const),
  ]);
  return {
    notHeld: first === 'arrived' ? null : 'The call ended without an upstream request.',
    call,
  };
}
