import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { LaunchFacts } from '../../../evidence/lab/launch.ts';
import type { LabClient } from '../../client/client.ts';
import { connectTo } from '../../client/endpoint.ts';
import type { CallableTool } from '../../known-server.ts';
import { type Instance, type InstanceOptions, startInstance } from '../../world/instance.ts';
import type { ExperimentRun } from '../experiment.ts';

/** Launches an instance, works with it, and stops it in any case. */
export async function withInstance<T>(
  run: ExperimentRun,
  options: InstanceOptions,
  work: (instance: Instance) => Promise<T>,
): Promise<T> {
  const instance = await startInstance(run, options);
  try {
    return await work(instance);
  } finally {
    await instance.stop();
  }
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
): Promise<T & { launch: LaunchFacts; gateway: GatewayRecord }> {
  const { tool } = run.known;
  if (tool === null) throw new Error('No tool is known.');
  const instance = await startInstance(run, options);
  const clients: LabClient[] = [];
  let seen: T;
  try {
    if (!instance.server.serves) throw new Error('The server did not listen on this launch.');
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
