import type { HttpRecord } from '../../evidence/lab/client.ts';
import type { Remains, ShutdownHistory } from '../../evidence/lab/shutdown.ts';
import { pause } from '../async/pause.ts';
import type { LabClient } from '../client/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { ask } from '../client/http.ts';
import { holdIdleConnection } from '../client/idle-connection.ts';
import { firstRequest } from '../client/session.ts';
import { holdStream } from '../client/stream.ts';
import { type Instance, withInstance } from '../world/instance.ts';
import { accepts } from '../world/launcher/ports.ts';
import { waitForExit } from '../world/launcher/termination.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { listenerObstacle } from './obstacles.ts';
import { holdCall } from './shared/held-call.ts';
import { untilNoneLeft } from './shared/processes-left.ts';

/** Milliseconds between two new requests at most, while the call is in flight. */
const requestsEveryMs = 400;
/** Milliseconds before each new request after the signal. They are few, to stay below usual rate limits. */
const pauses: number[] = [...Array(12).fill(150), ...Array(3).fill(requestsEveryMs), ...Array(3).fill(1_000)];
/** Milliseconds for the response to one of them. */
const newcomerMs = 3_000;

/** Every deployment sends SIGTERM to the start command: what happens to the open call, stream and connection? */
export const shutdown: ExperimentOf<'shutdown'> = {
  id: 'shutdown',
  question: 'Does the server stop on SIGTERM without losing work?',
  does: 'Sends SIGTERM to the start command. A call is in flight, a stream is open, and a connection is idle.',
  over: ['http', 'stdio'],
  needs: 'listener',
  seconds: 3,
  run: (run) =>
    withInstance(run, {}, async (instance) => {
      const { conversation, server } = instance;
      const obstacle = conversation === null ? listenerObstacle({ launch: server.facts() }) : null;
      if (obstacle !== null) return obstacle;
      const reachable = conversation !== null || run.known.endpoint !== null;
      const client = reachable ? await connectTo(run, instance, run.known) : null;
      try {
        return { ran: true, history: await stopGently(run, instance, client) };
      } finally {
        await client?.close();
      }
    }),
};

async function stopGently(
  run: ExperimentRun,
  instance: Instance,
  client: LabClient | null,
): Promise<ShutdownHistory> {
  const { known, step } = run;
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
    step('SIGTERM was sent; waiting for the exit');

    const over = new AbortController();
    const given = AbortSignal.any([run.signal, over.signal]);
    const waited = waitForExit(server, run.plan.patienceMs, run.signal).finally(() => over.abort());
    // An abort may come during a request.
    waited.catch(() => {});
    if (newcomer !== null) {
      for (const milliseconds of pauses) {
        await pause(milliseconds, given).catch(() => {});
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
    step('looking for processes that still run');
    return {
      launch: server.facts(),
      calls,
      notHeld,
      requests,
      requestsEveryMs,
      signalMs,
      waitedUntilMs: left.atMs,
      left,
      leftAfterwards: await untilNoneLeft(instance, run.signal, () => look(instance), remaining),
      stream: stream?.record() ?? null,
      idleConnection: idle?.record() ?? null,
      gateway: gateway.record(),
    };
  } finally {
    idle?.leave();
    await stream?.leave();
  }
}

/** A further request would show no more, after a rate limit either. */
function isRefused({ outcome }: HttpRecord): boolean {
  return outcome.kind === 'failure' ? outcome.reason !== 'timeout' : outcome.status >= 400;
}

const remaining = ({ processes }: Remains): number[] => processes;

async function look({ server, now }: Instance): Promise<Remains> {
  const { origin } = server;
  const atMs = Math.round(now());
  const [processes, taken] = await Promise.all([
    server.processes(),
    origin !== null && accepts(origin.hostname.replace(/^\[|\]$/g, ''), Number(origin.port)),
  ]);
  return { atMs, processes, accepts: taken };
}
