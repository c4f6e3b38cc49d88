import { setTimeout as delay } from 'node:timers/promises';
import type { EndOfInputHistory } from '../../evidence/lab/end-of-input.ts';
import { connectTo } from '../client/endpoint.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { whenOver } from '../world/launcher/ending.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { holdCall } from './shared/held-call.ts';

/** Milliseconds after the end of the command, for what it left behind to end as well. */
const afterwardsMs = 2_000;
const lookEveryMs = 50;

/** A client that leaves closes the server's input and waits for its end (MCP, lifecycle, shutdown): does it come? */
export const endOfInput: ExperimentOf<'end-of-input'> = {
  id: 'end-of-input',
  question: 'Does the server exit when its input ends?',
  does: 'Closes stdin while a call is in flight.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 4,
  run: async (run) => {
    const instance = await startInstance(run);
    try {
      return { ran: true, history: await leave(run, instance) };
    } finally {
      await instance.stop();
    }
  },
};

async function leave(run: ExperimentRun, instance: Instance): Promise<EndOfInputHistory> {
  const { server, gateway, conversation, now } = instance;
  const { notHeld, call } = await holdCall(run, instance, await connectTo(run, instance, run.known));
  const endedMs = Math.round(now());
  conversation?.endInput();
  run.step('its input has ended; waiting for its exit');
  await whenOver(server, run.plan);
  const waitedUntilMs = Math.round(now());
  const left = await lookAfterwards(run, instance);
  return {
    launch: server.facts(),
    calls: call === null ? [] : [await call],
    notHeld,
    gateway: gateway.record(),
    endedMs,
    waitedUntilMs,
    left,
  };
}

/** What still runs because the command is not over is left as it is. */
async function lookAfterwards({ plan }: ExperimentRun, { server, now }: Instance): Promise<number[]> {
  const until = now() + afterwardsMs;
  let left = await server.processes();
  while (server.facts().exit !== null && left.length > 0 && now() < until) {
    await delay(lookEveryMs, undefined, { signal: plan.signal });
    left = await server.processes();
  }
  return left;
}
