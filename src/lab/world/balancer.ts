import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { BalancedRequest } from '../../evidence/lab/round-robin.ts';
import type { Clock } from './clock.ts';

/** A round-robin TCP load balancer. */
export interface Balancer {
  origin: URL;
  /** The requests so far, one per connection. */
  requests: () => BalancedRequest[];
  /** Cuts open connections. */
  close: () => Promise<void>;
}

const maxRequests = 200;

/**
 * @param origins of the instances, in the order of their turns
 * @param port of 127.0.0.1
 * @throws Error when the port is taken
 */
export async function openBalancer(
  origins: readonly { instance: number; origin: URL }[],
  port: number,
  now: Clock,
): Promise<Balancer> {
  const requests: BalancedRequest[] = [];
  const open = new Set<Socket>();
  let turn = 0;

  const join = (client: Socket, { instance, origin }: { instance: number; origin: URL }) => {
    const host = origin.hostname.replace(/^\[|\]$/g, '');
    const server = connect({ host, port: Number(origin.port), noDelay: true });
    const record: BalancedRequest = { atMs: Math.round(now()), instance, method: '', status: null };
    client.once('data', (beginning: Buffer) => {
      record.method = /^[A-Z]+(?= )/.exec(beginning.toString('latin1', 0, 20))?.[0] ?? '';
      if (requests.length < maxRequests) requests.push(record);
    });
    server.once('data', (beginning: Buffer) => {
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(beginning.toString('latin1', 0, 20))?.[1];
      if (status !== undefined) record.status = Number(status);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        open.delete(one);
        // Pending data is forwarded first.
        other.destroySoon();
      });
      one.pipe(other);
    }
  };

  const listener = createServer({ noDelay: true }, (client) => {
    const next = origins[turn % origins.length];
    turn += 1;
    if (next === undefined) client.destroy();
    else join(client, next);
  });
  listener.listen({ port, host: '127.0.0.1', exclusive: true });
  await once(listener, 'listening');
  return {
    origin: new URL(`http://127.0.0.1:${port}`),
    requests: () => requests.map((request) => ({ ...request })),
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
