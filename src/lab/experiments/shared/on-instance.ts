import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { LaunchFacts } from '../../../evidence/lab/launch.ts';
import type { LabClient } from '../../client/client.ts';
import { connectTo } from '../../client/endpoint.ts';
import type { CallableTool } from '../../known-server.ts';
import { type Instance, type InstanceOptions, withInstance } from '../../world/instance.ts';
import type { World } from '../../world/world.ts';
import type { ExperimentRun } from '../experiment.ts';

interface Recorded {
  launch: LaunchFacts;
  gateway: GatewayRecord;
}

/** As `withInstance`. Adds the launch and what the gateway recorded, up to the end of the instance. */
export async function recordInstance<T>(
  run: World,
  options: InstanceOptions,
  work: (instance: Instance) => Promise<T>,
): Promise<T & Recorded> {
  const { seen, server, gateway } = await withInstance(run, options, async (instance) => ({
    seen: await work(instance),
    ...instance,
  }));
  return { ...seen, launch: server.facts(), gateway: gateway.record() };
}

/** What an experiment needs that disturbs calls of one instance. */
export interface Served {
  instance: Instance;
  tool: CallableTool;
  /** Connects another client, which is closed with the instance. */
  connect: () => Promise<LabClient>;
}

/**
 * Launches an instance for a tool that is called, works with it, and stops it in any case.
 *
 * @returns what the work returned, with the launch and what the gateway recorded
 * @throws Error if the server does not listen or refuses clients; the reason of an abort
 */
export async function onInstance<T>(
  run: ExperimentRun,
  work: (served: Served) => Promise<T>,
  options: InstanceOptions = {},
): Promise<T & Recorded> {
  const { tool } = run.known;
  if (tool === null) throw new Error('No tool is known.');
  return recordInstance(run, options, async (instance) => {
    if (!instance.server.serves) throw new Error('The server did not listen on this launch.');
    const clients: LabClient[] = [];
    const connect = async () => {
      const client = await connectTo(run, instance, run.known, { connectionPerRequest: true });
      clients.push(client);
      return client;
    };
    try {
      return await work({ instance, tool, connect });
    } finally {
      // A server that stops asking when its client goes away has given up nothing by itself.
      instance.gateway.conclude();
      await Promise.all(clients.map((client) => client.close()));
    }
  });
}

/** A result that is not marked as an error. */
export function hasResult({ outcome }: CallRecord): boolean {
  return outcome.kind === 'result' && !outcome.isError;
}
