import type { CallRecord } from '../../evidence/lab/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { whenOver } from '../world/launcher/ending.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { obstacleTo } from './obstacles.ts';

/** Over stdio, one line that is no message makes clients fail: does anything else ever stand on stdout? */
export const stdioPurity: ExperimentOf<'stdio-purity'> = {
  id: 'stdio-purity',
  question: 'Does stdout carry protocol messages only?',
  does: 'Reads stdout during calls that succeed and fail, and when stdin closes.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 3,
  run: async (run) => {
    // npm prints two lines of its own on stdout, but for where the lab keeps it from that.
    const instance = await startInstance(run, { env: { npm_config_loglevel: undefined } });
    let calls: CallRecord[];
    try {
      calls = await callInEveryWay(run, instance);
      run.step('ending its input');
      instance.conversation?.endInput();
      await whenOver(instance.server, run.plan);
    } finally {
      await instance.stop();
    }
    return {
      ran: true,
      history: { launch: instance.server.facts(), calls, gateway: instance.gateway.record() },
    };
  },
};

/** With a result, with an error of the upstream, and of a tool that is not there: prints often stand where something fails. */
async function callInEveryWay(run: ExperimentRun, instance: Instance): Promise<CallRecord[]> {
  const { known, plan, step } = run;
  const timeoutMs = plan.patienceMs;
  const client = await connectTo(run, instance, known);
  const calls: CallRecord[] = [];
  step('calling a tool that is not there');
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
