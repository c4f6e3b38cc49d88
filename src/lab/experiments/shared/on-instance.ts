import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { LaunchFacts } from '../../../evidence/lab/launch.ts';
import type { LabClient } from '../../client/client.ts';
import { connectTo } from '../../client/endpoint.ts';
import type { CallableTool } from '../../known-server.ts';
import { type Instance, type InstanceOptions, startInstance } from '../../world/instance.ts';
import type { ExperimentRun } from '../experiment.ts';

/** What an experiment has in hand that disturbs calls of one instance. */
export interface Served {
  instance: Instance;
  tool: CallableTool;
  /** Another client, which is closed with the instance. */
  connect: () => Promise<LabClient>;
}

/**
 * Launches an instance, works with it, and stops it in any case.
 *
 * @returns what the work returned, with the launch and all that came by at the gateway
 * @throws Error when it does not listen or cannot be connected to; the reason of an abort
 */
export async function onInstance<T>(
  run: ExperimentRun,
  work: (served: Served) => Promise<T>,
  options: InstanceOptions = {},
): Promise<T & { launch: LaunchFacts; gateway: GatewayRecord }> {
  const { tool } = run.known;
  if (tool === null) throw new Error('No tool is known.');
  const instance = await startInstance(run, options);
  const clients: LabClient[] = [];
  let seen: T;
  try {
    if (!instance.server.serves) throw new Error('The server did not listen this time.');
    const connect = async () => {
      const client = await connectTo(run, instance, run.known, { connectionPerRequest: true });
      clients.push(client);
      return client;
    };
    seen = await work({ instance, tool, connect });
  } finally {
    // A server that stops asking when its client goes away has given up nothing by itself.
    instance.gateway.conclude();
    await Promise.all(clients.map((client) => client.close()));
    await instance.stop();
  }
  return { ...seen, launch: instance.server.facts(), gateway: instance.gateway.record() };
}

/** A result that is not marked as an error. */
export function hasResult({ outcome }: CallRecord): boolean {
  return outcome.kind === 'result' && !outcome.isError;
}
