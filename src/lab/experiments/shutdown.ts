import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord, HttpRecord } from '../../evidence/lab/client.ts';
import type { Remains, ShutdownHistory } from '../../evidence/lab/shutdown.ts';
import type { LabClient } from '../client/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { ask } from '../client/http.ts';
import { holdIdleConnection } from '../client/idle-connection.ts';
import { firstRequest } from '../client/newcomer.ts';
import { holdStream } from '../client/stream.ts';
import { type Instance, startInstance } from '../instance.ts';
import { accepts } from '../launcher/ports.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { listenerObstacle, obstacleTo } from './obstacles.ts';

/**
 * Milliseconds before each new request after the signal: close together while the call is in flight, then further apart, and few,
 * so that no usual rate limit is met.
 */
const pauses = [...Array(12).fill(150), ...Array(3).fill(400), ...Array(3).fill(1_000)] as const;
/** Milliseconds for the answer to one of them. */
const newcomerMs = 3_000;
/** Milliseconds after the end of the command, for what it left behind to end as well. */
const afterwardsMs = 2_000;
const lookEveryMs = 50;

/** Every deployment sends SIGTERM to the start command: what becomes of the call, the stream and the connection that are open? */
export const shutdown: ExperimentOf<'shutdown'> = {
  id: 'shutdown',
  question: 'Does SIGTERM end it without a loss?',
  needs: 'listener',
  seconds: 5,
  run: async (run) => {
    const instance = await startInstance(run);
    let client: LabClient | null = null;
    try {
      const obstacle = listenerObstacle({ launch: instance.server.facts() });
      if (obstacle !== null) return obstacle;
      if (run.known.endpoint !== null) client = await connectTo(run, instance, run.known);
      return { ran: true, history: await stopGently(run, instance, client) };
    } finally {
      await client?.close();
      await instance.stop();
    }
  },
};

async function stopGently(
  run: ExperimentRun,
  instance: Instance,
  client: LabClient | null,
): Promise<ShutdownHistory> {
  const { known, step, plan } = run;
  const { server, gateway, now } = instance;
  step('opening a stream');
  const stream = await holdStream(run, instance, known);
  const idle = await holdIdleConnection(instance, known.health ?? known.endpoint ?? '/');
  try {
    const newcomer = await firstRequest(run, instance, known, newcomerMs);
    const requests: HttpRecord[] = newcomer === null ? [] : [await ask(run, instance, newcomer)];
    const { notHeld, call } = await holdCall(run, instance, client);
    const signalMs = Math.round(now());
    server.signalCommand('SIGTERM');
    step('SIGTERM was sent; waiting for its exit');

    const waiting = new AbortController();
    const given = AbortSignal.any([plan.signal, waiting.signal]);
    const waited = Promise.race([
      server.exited,
      delay(plan.patienceMs, undefined, { signal: given }).catch(() => {}),
    ]).finally(() => waiting.abort());
    if (newcomer !== null) {
      for (const pause of pauses) {
        await delay(pause, undefined, { signal: given }).catch(() => {});
        const request = await ask(run, instance, newcomer);
        requests.push(request);
        if (given.aborted || isRefused(request)) break;
      }
    }
    await waited;
    plan.signal.throwIfAborted();
    const left = await look(instance);
    if (newcomer !== null && server.facts().exit === null && !requests.some(isRefused)) {
      requests.push(await ask(run, instance, newcomer));
    }
    const calls = call === null ? [] : [await call];
    step('looking for what is left');
    return {
      launch: server.facts(),
      calls,
      notHeld,
      requests,
      signalMs,
      waitedUntilMs: left.atMs,
      left,
      leftAfterwards: await lookAfterwards(run, instance, left),
      stream: stream?.record() ?? null,
      idleConnection: idle?.record() ?? null,
      gateway: gateway.record(),
    };
  } finally {
    idle?.leave();
    await stream?.leave();
  }
}

/** Begins a call whose upstream takes its time. It is in flight when the upstream was asked and the call has not ended. */
async function holdCall(
  { known, step, plan }: ExperimentRun,
  { gateway }: Instance,
  client: LabClient | null,
): Promise<{ notHeld: string | null; call: Promise<CallRecord> | null }> {
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
    notHeld: first === 'arrived' ? null : 'The call ended before anything was asked upstream.',
    call,
  };
}

/** Nobody has to ask again: a rate limit, too, would say no more. */
function isRefused({ outcome }: HttpRecord): boolean {
  return outcome.kind === 'failure' ? outcome.reason !== 'timeout' : outcome.status >= 400;
}

async function look({ server, now }: Instance): Promise<Remains> {
  const { hostname, port } = server.origin ?? new URL('http://127.0.0.1');
  const atMs = Math.round(now());
  const [processes, taken] = await Promise.all([
    server.processes(),
    accepts(hostname.replace(/^\[|\]$/g, ''), Number(port)),
  ]);
  return { atMs, processes, accepts: taken };
}

/** As soon as nothing is left, or when the time is up. What still runs because it was not over is left as it is. */
async function lookAfterwards({ plan }: ExperimentRun, instance: Instance, left: Remains): Promise<Remains> {
  const until = left.atMs + afterwardsMs;
  let latest = left;
  while (instance.server.facts().exit !== null && latest.processes.length > 0 && instance.now() < until) {
    await delay(lookEveryMs, undefined, { signal: plan.signal });
    latest = await look(instance);
  }
  return latest;
}
