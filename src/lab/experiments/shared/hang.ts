import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { StalledUpstreamHistory } from '../../../evidence/lab/stalled-upstream.ts';
import { pause } from '../../async/pause.ts';
import type { LabClient } from '../../client/client.ts';
import { ask } from '../../client/http.ts';
import type { ExperimentRun } from '../experiment.ts';
import { hasResult, onInstance, type Served } from './on-instance.ts';

/** The baseline's arguments are 0. A cache that instances share may know some of the others. */
const freshVariants = [1, 2, 3];

/** Milliseconds in which a server that gave up closes its connection, even on a busy machine. */
const settlingMs = 1_000;

type Seen = Pick<StalledUpstreamHistory, 'calls' | 'requests' | 'lists'>;

/** Calls a tool while the upstream hangs in this way, and meanwhile asks for what needs no upstream. */
export async function hang(run: ExperimentRun, fault: 'stall' | 'drip'): Promise<StalledUpstreamHistory> {
  const boundMs = run.plan.patienceMs;
  const late = monitorEventLoopDelay({ resolution: 20 });
  const history = await onInstance(run, async (served) => {
    const { gateway } = served.instance;
    const client = await served.connect();
    const other = await served.connect();
    const seen: Seen = { calls: [], requests: [], lists: [] };
    const cached = await before(served, client, other, seen);
    await askOthers(run, served, other, seen, 'before', cached);
    await gateway.set(fault);
    late.enable();
    const { tool } = served;
    const variants = tool.arguments(1) === undefined ? [0] : freshVariants;
    for (const words of variants.map(tool.arguments)) {
      if (words === undefined) break;
      const arrived = gateway.arrived(countOf(served) + 1);
      const ending = client.call(tool.name, words, { timeoutMs: boundMs });
      run.step('the call hangs; waiting for its end');
      const first = await Promise.race([arrived.then(() => 'arrived'), ending.then(() => 'ended')]);
      const others = first === 'arrived' ? askOthers(run, served, other, seen, 'meanwhile', cached) : null;
      const [call] = await Promise.all([ending, others]);
      seen.calls.push({ ...call, role: 'hanging' });
      if (first === 'arrived' || !hasResult(call)) break;
    }
    late.disable();
    await requestsOver(run, served);
    return seen;
  });
  return { ...history, boundMs, auditorDelayMs: Math.round(late.max / 1e6) || 0 };
}

/**
 * Makes a call that works, and repeats it with another client.
 *
 * @returns whether the second call needed no upstream request
 */
async function before(
  served: Served,
  client: LabClient,
  other: LabClient,
  { calls }: Seen,
): Promise<boolean> {
  const { name, arguments: words } = served.tool;
  const given = words(0);
  if (given === undefined || words(1) === undefined) return false;
  calls.push({ ...(await client.call(name, given)), role: 'before' });
  const count = countOf(served);
  const repeated = await other.call(name, given);
  calls.push({ ...repeated, role: 'repeated-before' });
  return hasResult(repeated) && countOf(served) === count;
}

/** All at once, each until the call has ended: a response that comes only then was blocked by the call. */
async function askOthers(
  run: ExperimentRun,
  { instance, tool }: Served,
  other: LabClient,
  { calls, requests, lists }: Seen,
  when: 'before' | 'meanwhile',
  cached: boolean,
): Promise<void> {
  const { health } = run.known;
  const timeoutMs = run.plan.patienceMs;
  const given = tool.arguments(0);
  const [poll, list, repeated] = await Promise.all([
    health === null ? null : ask(run, instance, { path: health, timeoutMs }),
    other.list({ timeoutMs }),
    when === 'before' || !cached || given === undefined ? null : other.call(tool.name, given, { timeoutMs }),
  ]);
  if (poll !== null) requests.push({ ...poll, when });
  lists.push({ ...list, when });
  if (repeated !== null) calls.push({ ...repeated, role: 'repeated-meanwhile' });
}

/** A server may respond to its client before it closes the upstream connection. Both must be recorded. */
async function requestsOver({ signal }: ExperimentRun, { instance }: Served): Promise<void> {
  const until = instance.now() + settlingMs;
  const open = () => instance.gateway.record().requests.some(({ outcome }) => outcome.kind === 'open');
  while (open() && instance.now() < until) await pause(20, signal);
}

function countOf({ instance }: Served): number {
  const { requests, moreRequests } = instance.gateway.record();
  return requests.length + moreRequests;
}
