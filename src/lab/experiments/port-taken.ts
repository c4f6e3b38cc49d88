import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpRecord } from '../../evidence/lab/client.ts';
import { ask } from '../client/http.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { freePort } from '../world/launcher/ports.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

/** Milliseconds for the answer of what listens on another port. */
const answerMs = 5_000;

/** Every restart policy waits for an exit: does a server that cannot listen come to one, and does it say that it failed? */
export const portTaken: ExperimentOf<'port-taken'> = {
  id: 'port-taken',
  question: 'Does the server exit when its port is taken?',
  does: 'Starts the server on a port that another program holds.',
  over: ['http'],
  needs: 'listener',
  seconds: 1,
  run: async (run) => {
    const { port, free } = await occupy();
    try {
      run.step('waiting for its exit');
      const instance = await startInstance(run, { port, startTimeoutMs: run.plan.patienceMs });
      try {
        const requests = await askElsewhere(run, instance);
        // How it ends from here on is the lab's doing.
        const launch = instance.server.facts();
        return { ran: true, history: { launch, requests, waitedMs: Math.round(instance.now()) } };
      } finally {
        await instance.stop();
      }
    } finally {
      await free();
    }
  },
};

/** What listens on another port may be the server, or a part of one that is about to end. */
async function askElsewhere(run: ExperimentRun, instance: Instance): Promise<HttpRecord[]> {
  const { known, plan } = run;
  const { server, now } = instance;
  if (server.origin === null) return [];
  const answer = await ask(run, instance, {
    timeoutMs: answerMs,
    ...(known.endpoint === null
      ? { path: known.health ?? '/' }
      : {
          method: 'POST' as const,
          path: known.endpoint,
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
          body: '{}',
        }),
  });
  const served = answer.outcome.kind === 'answer' && answer.outcome.status !== 404;
  if (!served) {
    const left = Math.max(0, plan.patienceMs - now());
    await Promise.race([server.exited, delay(left, undefined, { signal: plan.signal })]);
  }
  return [answer];
}

/** Where a server may listen. Dual-stack comes first: with it, Linux has given the port away on all of them. */
const addresses = ['::', '0.0.0.0', '127.0.0.1', '::1'];

/** Takes a port on every address, so that a server meets it whichever one it listens on. */
async function occupy(): Promise<{ port: number; free: () => Promise<void> }> {
  for (let attempt = 0; ; attempt += 1) {
    const port = await freePort();
    const listeners: Server[] = [];
    for (const host of addresses) {
      const listener = await listen(port, host);
      if (listener !== null) listeners.push(listener);
    }
    // Somebody else may have been faster.
    if (listeners.length > 0) return { port, free: () => closeAll(listeners) };
    if (attempt === 5) throw new Error('No port could be taken.');
  }
}

/** @returns null where it is taken already, or there is no such address */
function listen(port: number, host: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

async function closeAll(listeners: readonly Server[]): Promise<void> {
  await Promise.all(listeners.map((server) => new Promise((resolve) => server.close(resolve))));
}
