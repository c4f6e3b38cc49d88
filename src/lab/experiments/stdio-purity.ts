import type { CallRecord } from '../../evidence/lab/client.ts';
import { connectTo } from '../client/endpoint.ts';
import type { Instance } from '../world/instance.ts';
import { waitForExit } from '../world/launcher/termination.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { obstacleTo } from './obstacles.ts';
import { recordInstance } from './shared/on-instance.ts';

/** Over stdio, one line that is not a message makes clients fail. */
export const stdioPurity: ExperimentOf<'stdio-purity'> = {
  id: 'stdio-purity',
  question: 'Does stdout carry protocol messages only?',
  does: 'Reads stdout during calls that succeed and fail, and when stdin closes.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 3,
  run: async (run) => {
    // Without this, the lab keeps npm from printing two lines on stdout.
    const options = { env: { npm_config_loglevel: undefined } };
    const history = await recordInstance(run, options, async (instance) => {
      const calls = await callInEveryWay(run, instance);
      run.step('closing stdin');
      instance.conversation?.endInput();
      await waitForExit(instance.server, run.plan.patienceMs, run.signal);
      return { calls };
    });
    return { ran: true, history };
  },
};

/** With a result, with an upstream error, and of an unknown tool: code that handles failures often prints. */
async function callInEveryWay(run: ExperimentRun, instance: Instance): Promise<CallRecord[]> {
  const { known, plan, step } = run;
  const timeoutMs = plan.patienceMs;
  const client = await connectTo(run, instance, known);
  const calls: CallRecord[] = [];
  step('calling an unknown tool');
  calls.push(await client.call('mcp-prod-no-such-tool', {}, { timeoutMs }));
  const { tool } = known;
  const words = tool?.arguments(0);
  if (tool === null || words === undefined) return calls;
  step('calling a tool');
  calls.push(await client.call(tool.name, words, { timeoutMs }));
  if (obstacleTo('upstream', known.baseline) !== null) return calls;
  step('calling it while the upstream fails');
  for (const [index, fault] of (['server-error', 'reset'] as const).entries()) {
    await instance.gateway.set(fault);
    calls.push(await client.call(tool.name, tool.arguments(index + 1) ?? words, { timeoutMs }));
  }
  return calls;
}
