import type { EndOfInputHistory } from '../../evidence/lab/end-of-input.ts';
import { connectTo } from '../client/endpoint.ts';
import { type Instance, withInstance } from '../world/instance.ts';
import { waitForExit } from '../world/launcher/termination.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { holdCall } from './shared/held-call.ts';
import { untilNoneLeft } from './shared/processes-left.ts';

/** A client that leaves closes the server's input and waits for its exit (MCP, lifecycle, shutdown). */
export const endOfInput: ExperimentOf<'end-of-input'> = {
  id: 'end-of-input',
  question: 'Does the server exit when its input ends?',
  does: 'Closes stdin while a call is in flight.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 4,
  run: (run) =>
    withInstance(run, {}, async (instance) => ({ ran: true, history: await leave(run, instance) })),
};

async function leave(run: ExperimentRun, instance: Instance): Promise<EndOfInputHistory> {
  const { server, gateway, conversation, now } = instance;
  const { notHeld, call } = await holdCall(run, instance, await connectTo(run, instance, run.known));
  const endedMs = Math.round(now());
  conversation?.endInput();
  run.step('stdin is closed; waiting for the exit');
  await waitForExit(server, run.plan.patienceMs, run.signal);
  const waitedUntilMs = Math.round(now());
  const left = await untilNoneLeft(instance, run.signal, server.processes, (pids) => pids);
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
