import type { Listener } from '../listener.ts';

/** Connections are refused, as when a host is up and its service is down: nothing listens on the port. */
export async function refuse(listener: Listener, cutRequests: () => void): Promise<void> {
  await listener.refuse(() => {
    cutRequests();
    listener.connections.resetAll();
  });
}
