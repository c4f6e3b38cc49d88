import { setTimeout as delay } from 'node:timers/promises';
import type { HttpRecord } from '../../evidence/lab/client.ts';
import type { Remains, ShutdownHistory } from '../../evidence/lab/shutdown.ts';
import type { LabClient } from '../client/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { ask } from '../client/http.ts';
import { holdIdleConnection } from '../client/idle-connection.ts';
import { firstRequest } from '../client/newcomer.ts';
import { holdStream } from '../client/stream.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { whenOver } from '../world/launcher/ending.ts';
import { accepts } from '../world/launcher/ports.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { listenerObstacle } from './obstacles.ts';
import { holdCall } from './shared/held-call.ts';

/** Milliseconds between two new requests at most, while the call is in flight. */
const requestsEveryMs = 400;
/** Milliseconds before each new request after the signal. They are few, to stay below usual rate limits. */
const pauses: number[] = [...Array(12).fill(150), ...Array(3).fill(requestsEveryMs), ...Array(3).fill(1_000)];
/** Milliseconds for the answer to one of them. */
const newcomerMs = 3_000;
/** Milliseconds after the end of the command, for what it left behind to end as well. */
const afterwardsMs = 2_000;
const lookEveryMs = 50;

/** Every deployment sends SIGTERM to the start command: what becomes of the call, the stream and the connection that are open? */
export const shutdown: ExperimentOf<'shutdown'> = {
  id: 'shutdown',
  question: 'Does the server stop on SIGTERM without losing work?',
  does: 'Sends SIGTERM to the start command. A call is in flight, a stream is open, and a connection is idle.',
  over: ['http', 'stdio'],
  needs: 'listener',
  seconds: 3,
  run: async (run) => {
    const instance = await startInstance(run);
    let client: LabClient | null = null;
    try {
      const { conversation, server } = instance;
      const obstacle = conversation === null ? listenerObstacle({ launch: server.facts() }) : null;
      if (obstacle !== null) return obstacle;
      if (conversation !== null || run.known.endpoint !== null) {
        client = await connectTo(run, instance, run.known);
      }
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

    const over = new AbortController();
    const given = AbortSignal.any([plan.signal, over.signal]);
    const waited = whenOver(server, plan).finally(() => over.abort());
    // An abort may come while a request is made.
    waited.catch(() => {});
    if (newcomer !== null) {
      for (const pause of pauses) {
        await delay(pause, undefined, { signal: given }).catch(() => {});
        const request = await ask(run, instance, newcomer);
        requests.push(request);
        if (given.aborted || isRefused(request)) break;
      }
    }
    await waited;
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
      requestsEveryMs,
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

/** Nobody has to ask again: a rate limit, too, would say no more. */
function isRefused({ outcome }: HttpRecord): boolean {
  return outcome.kind === 'failure' ? outcome.reason !== 'timeout' : outcome.status >= 400;
}

async function look({ server, now }: Instance): Promise<Remains> {
  const { origin } = server;
  const atMs = Math.round(now());
  const [processes, taken] = await Promise.all([
    server.processes(),
    origin !== null && accepts(origin.hostname.replace(/^\[|\]$/g, ''), Number(origin.port)),
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
