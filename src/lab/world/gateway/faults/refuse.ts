import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ownPorts } from '../own-ports.ts';

/** Milliseconds for connections to be gone. The port is free before; one that is just being made may take its time. */
const goneMs = 1_000;

/** Connections are refused: nothing listens at the port, as when a host is up and its service is down. */
export async function refuse(listener: Server, resetAll: () => void): Promise<void> {
  const address = listener.address();
  if (address !== null && typeof address === 'object') ownPorts.delete(address.port);
  const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
  resetAll();
  await Promise.race([closed, delay(goneMs, undefined, { ref: false })]);
}

/** Listens again, at the same port. */
export async function acceptAgain(listener: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', () => {
      listener.off('error', reject);
      ownPorts.add(port);
      resolve();
    });
  });
}
