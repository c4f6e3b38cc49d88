import type { BaselineHistory } from '../../../evidence/lab/baseline.ts';
import type { CallRecord } from '../../../evidence/lab/client.ts';
import { pause } from '../../async/pause.ts';
import type { LabClient } from '../../client/client.ts';
import type { Instance } from '../../world/instance.ts';
import type { ExperimentRun } from '../experiment.ts';
import { obstacleTo } from '../obstacles.ts';

export interface HeldCall {
  /** Why no call is in flight; null if one is. */
  notHeld: string | null;
  call: Promise<CallRecord> | null;
}

/** Milliseconds that a call lasts which needs no upstream to hold it, and until the server has surely begun it. */
const longMs = 500;
const begunMs = 200;

/**
 * Starts a call while the upstream is slow. It is in flight once its request reached the upstream. Without an upstream, only a
 * call that takes long by itself can be in flight.
 */
export async function holdCall(
  { known, step, plan, signal }: ExperimentRun,
  { gateway }: Instance,
  client: LabClient | null,
): Promise<HeldCall> {
  const { tool, baseline } = known;
  const obstacle = obstacleTo('upstream', baseline);
  const why = obstacle === null ? ['No tool can be called.'] : [obstacle.reason, obstacle.help];
  const notHeld = why.filter(Boolean).join(' ');
  if (client === null || tool === null || (obstacle !== null && !takesLong(tool.name, baseline))) {
    return { notHeld, call: null };
  }
  step('waiting for a call to be in flight');
  await gateway.set('slow');
  const { requests, moreRequests } = gateway.record();
  const words = tool.arguments(1) ?? tool.arguments(0) ?? {};
  const call = client.call(tool.name, words, { timeoutMs: plan.patienceMs });
  const held =
    obstacle === null ? gateway.arrived(requests.length + moreRequests + 1) : pause(begunMs, signal);
  const first = await Promise.race([held.then(() => 'held' as const), call.then(() => 'ended' as const)]);
  if (first === 'held') return { notHeld: null, call };
  return { notHeld: obstacle === null ? 'The call ended without an upstream request.' : notHeld, call };
}

/** Whether every result of the tool took long when nothing was wrong. */
function takesLong(name: string, { calls }: BaselineHistory): boolean {
  const results = calls.filter((call) => call.tool === name && call.outcome.kind === 'result');
  return results.length > 0 && results.every(({ sentMs, endedMs }) => endedMs - sentMs >= longMs);
}
