import type { BaselineHistory, CallRecord, ChosenTool, Experiment, NoTool } from '../../evidence/lab.ts';
import { findEndpoint } from '../client/endpoint.ts';
import { chooseTool } from '../client/tool.ts';
import { type Instance, startInstance } from '../instance.ts';
import type { LabRun } from '../run.ts';

/**
 * Can the server be launched and called when nothing is wrong, and does the lab stand between it and its upstreams?
 * Every other experiment stands on this one.
 *
 * @throws the reason of an abort
 */
export async function baseline(run: LabRun): Promise<Experiment<BaselineHistory>> {
  const instance = await startInstance(run);
  let seen: Seen;
  try {
    seen = await call(run, instance);
  } finally {
    await instance.stop();
  }
  const { server, gateway, interposition } = instance;
  return {
    ran: true,
    history: {
      launch: server.facts(),
      ...seen,
      gateway: gateway.record(),
      interposition: await interposition.facts(),
    },
  };
}

type Seen = Pick<BaselineHistory, 'connection' | 'attempts' | 'tool' | 'calls'>;

async function call(run: LabRun, { server }: Instance): Promise<Seen> {
  if (server.origin === null) return { connection: null, attempts: [], tool: null, calls: [] };
  const { client, attempts } = await findEndpoint(run, server.origin);
  if (client === null) return { connection: null, attempts, tool: null, calls: [] };
  const calls: CallRecord[] = [];
  try {
    const tool = chooseTool(run.plan, client.tools);
    if (tool.chosen) {
      // Twice: the second shows what is kept from the first.
      calls.push(await client.call(tool.name, tool.arguments));
      calls.push(await client.call(tool.name, tool.arguments));
    }
    return { connection: client.facts, attempts, tool: masked(tool, run), calls };
  } finally {
    await client.close();
  }
}

function masked(tool: ChosenTool | NoTool, { canaries }: LabRun): ChosenTool | NoTool {
  return JSON.parse(canaries.mask(JSON.stringify(tool)));
}
