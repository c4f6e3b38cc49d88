import type { Server } from 'node:net';
import type { HttpRecord } from '../../evidence/lab/client.ts';
import { postHeaders } from '../../protocol/messages.ts';
import { ask } from '../client/http.ts';
import { type Instance, withInstance } from '../world/instance.ts';
import { closeListener, freePort, holdPort } from '../world/launcher/ports.ts';
import { waitForExit } from '../world/launcher/termination.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

/** Milliseconds for the response of whatever listens on another port. */
const answerMs = 5_000;

/** Restart policies act on an exit: a server that cannot listen must exit with an error. */
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
      run.step('waiting for the exit');
      return await withInstance(run, { port, startTimeoutMs: run.plan.patienceMs }, async (instance) => {
        const requests = await askElsewhere(run, instance);
        // The lab causes whatever end comes later.
        const launch = instance.server.facts();
        return { ran: true, history: { launch, requests, waitedMs: Math.round(instance.now()) } };
      });
    } finally {
      await free();
    }
  },
};

/** A process that listens on another port may be the server, or part of a server that is about to exit. */
async function askElsewhere(run: ExperimentRun, instance: Instance): Promise<HttpRecord[]> {
  const { known, plan } = run;
  const { server, now } = instance;
  if (server.origin === null) return [];
  const answer = await ask(run, instance, {
    timeoutMs: answerMs,
    ...(known.endpoint === null
      ? { path: known.health ?? '/' }
      : { method: 'POST' as const, path: known.endpoint, headers: postHeaders, body: '{}' }),
  });
  const served = answer.outcome.kind === 'answer' && answer.outcome.status !== 404;
  if (!served) await waitForExit(server, Math.max(0, plan.patienceMs - now()), run.signal);
  return [answer];
}

/** Where a server may listen. Dual-stack comes first: on Linux it takes the port on all of them. */
const addresses = ['::', '0.0.0.0', '127.0.0.1', '::1'];

/** Takes a port on every address that a server may listen on. */
async function occupy(): Promise<{ port: number; free: () => Promise<unknown> }> {
  for (let attempt = 0; ; attempt += 1) {
    const port = await freePort();
    const listeners: Server[] = [];
    for (const host of addresses) {
      const listener = await holdPort(port, host);
      if (listener !== null) listeners.push(listener);
    }
    // Another program may have been faster.
    if (listeners.length > 0) return { port, free: () => Promise.all(listeners.map(closeListener)) };
    if (attempt === 5) throw new Error('The lab could not occupy a port.');
  }
}
