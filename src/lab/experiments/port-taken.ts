import { createServer } from 'node:net';
import { startInstance } from '../instance.ts';
import { freePort } from '../launcher/ports.ts';
import type { ExperimentOf } from './experiment.ts';

/** Every restart policy waits for an exit: does a server that cannot listen come to one, and does it say that it failed? */
export const portTaken: ExperimentOf<'port-taken'> = {
  id: 'port-taken',
  question: 'Does it exit when its port is taken?',
  needs: 'listener',
  seconds: 1,
  run: async (run) => {
    const port = await freePort();
    const other = await occupy(port);
    try {
      run.step('waiting for its exit');
      const instance = await startInstance(run, { port, startTimeoutMs: run.plan.patienceMs });
      await instance.stop();
      return { ran: true, history: { launch: instance.server.facts() } };
    } finally {
      await other.free();
    }
  },
};

/** On every address: a server that listens on one of them meets it. */
async function occupy(port: number): Promise<{ free: () => Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Dual-stack where there is IPv6: then it holds the port of IPv4 as well.
    server.listen({ port, exclusive: true }, resolve);
  });
  return { free: () => new Promise((resolve) => server.close(() => resolve())) };
}
