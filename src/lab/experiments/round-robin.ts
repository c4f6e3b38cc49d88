import type { BalancedClient } from '../../evidence/lab/round-robin.ts';
import type { LabClient } from '../client/client.ts';
import { connectTo } from '../client/endpoint.ts';
import { type Balancer, openBalancer } from '../world/balancer.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { freePort } from '../world/launcher/ports.ts';
import { startServices } from '../world/services.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';
import { listenerObstacle } from './obstacles.ts';

/** Calls and lists of each client: few, to stay below usual rate limits. */
const rounds = 3;
/** Milliseconds for a request while nothing is wrong. */
const timeoutMs = 10_000;

/** Behind a load balancer the next request of a client reaches another instance, which must serve it as well. */
export const roundRobin: ExperimentOf<'round-robin'> = {
  id: 'round-robin',
  question: 'Can two instances serve one client in turn?',
  does: 'Serves one client by two instances behind a load balancer.',
  over: ['http'],
  needs: 'endpoint',
  seconds: 3,
  run: async (run) => {
    // Both share services and a public port, as two instances of one deployment do.
    const services = await startServices(run);
    const options = { services, publicPort: await freePort() };
    const starting = await Promise.allSettled([startInstance(run, options), startInstance(run, options)]);
    const instances = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    try {
      for (const one of starting) if (one.status === 'rejected') throw one.reason;
      const [first, second] = instances as [Instance, Instance];
      const launches = { launch: first.server.facts(), second: second.server.facts() };
      const obstacle = listenerObstacle(launches) ?? listenerObstacle({ launch: launches.second });
      if (obstacle !== null) return obstacle;
      run.step('one client, one instance');
      const alone = await serveClient(run, instances, [0]);
      run.step('one client, two instances in turn');
      const clients = [await serveClient(run, instances, [0, 1]), await serveClient(run, instances, [1, 0])];
      const calls = [alone, ...clients].flatMap((client) => client.calls);
      return { ran: true, history: { ...launches, alone, clients, calls } };
    } finally {
      await Promise.all(instances.map((instance) => instance.stop()));
      await services.stop();
    }
  },
};

/** An official client makes a connection for each request. The load balancer gives them to these instances in turn. */
async function serveClient(
  run: ExperimentRun,
  instances: readonly Instance[],
  turns: readonly number[],
): Promise<BalancedClient> {
  const [first] = instances as [Instance];
  const backends = turns.flatMap((instance) => {
    const origin = instances[instance]?.server.origin;
    return origin ? [{ instance, origin }] : [];
  });
  const balancer = await openBalancer(backends, first.publicPort, first.now);
  const seen: Omit<BalancedClient, 'requests'> = {
    instances: [...turns],
    failure: null,
    calls: [],
    lists: [],
  };
  let client: LabClient | null = null;
  try {
    client = await connectThrough(run, first, balancer);
    for (let round = 0; round < rounds; round += 1) {
      const words = run.known.tool?.arguments(0);
      // A call that hangs would hang again.
      const hung = seen.calls.some(({ outcome }) => outcome.kind === 'no-answer' && outcome.timedOut);
      if (run.known.tool !== null && words !== undefined && !hung) {
        seen.calls.push(await client.call(run.known.tool.name, words, { timeoutMs }));
      }
      seen.lists.push(await client.list());
    }
  } catch (error) {
    run.signal.throwIfAborted();
    seen.failure = (error as Error).message;
  } finally {
    await client?.close();
    await balancer.close();
  }
  return { ...seen, requests: balancer.requests() };
}

function connectThrough(run: ExperimentRun, instance: Instance, { origin }: Balancer): Promise<LabClient> {
  return connectTo(run, instance, run.known, {
    url: new URL(run.known.endpoint ?? '/', origin),
    connectionPerRequest: true,
    timeoutMs,
  });
}
