import type { Server } from 'node:net';

/** Connections are refused: nothing listens at the port, as when a host is up and its service is down. */
export async function refuse(listener: Server, resetAll: () => void): Promise<void> {
  const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
  resetAll();
  await closed;
}

/** Listens again, at the same port. */
export async function acceptAgain(listener: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', () => {
      listener.off('error', reject);
      resolve();
    });
  });
}
