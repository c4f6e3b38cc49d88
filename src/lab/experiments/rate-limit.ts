import { collectWire } from '../../collect/wire/collect.ts';
import type { Elapsed } from '../../collect/wire/options.ts';
import type { Exchange } from '../../evidence/exchange.ts';
import { makeSecondClient } from '../client/second-client.ts';
import { pause } from '../pause.ts';
import { targetOf } from '../wire-audit.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import type { ExperimentOf } from './experiment.ts';

/** Milliseconds for each request, and for all of them. */
const timeoutMs = 10_000;
const budgetMs = 60_000;
/** Longer waits than this are left to the clock. */
const longestWaitMs = 5_000;
/** Milliseconds for clocks that are not exact; a moved one has a whole second, for Retry-After is in seconds. */
const graceMs = 100;
const movedGraceMs = 1_000;
const keptBodyCharacters = 300;

/** Does one client that asks for too much meet a limit, it alone, and only for as long as it is told? */
export const rateLimit: ExperimentOf<'rate-limit'> = {
  id: 'rate-limit',
  question: 'Does a burst meet a limit of its own, and does the limit recover?',
  does: 'Sends a burst, requests of another client, and forged addresses. Waits as long as `Retry-After` says.',
  over: ['http'],
  needs: 'endpoint',
  seconds: 7,
  run: async (run) => {
    const { burst = true, signal } = run.plan;
    if (!burst) return { ran: false, reason: 'It sends a burst.', help: 'Leave out --no-burst.' };
    const second = makeSecondClient(run);
    const instance = await startInstance(run, { env: second.env, movableClock: true });
    try {
      if (instance.server.origin === null) throw new Error('The server did not listen this time.');
      run.step('sending a burst');
      const otherToken = await second.tokenAt(instance);
      const wire = await collectWire({
        ...(await targetOf(run, run.known, instance)),
        ...(otherToken !== undefined && { otherToken }),
        scope: 'burst',
        timeoutMs,
        budgetMs,
        elapse: (milliseconds) => {
          run.step(`limited; ${Math.round(milliseconds / 1000)} s until it should recover`);
          return elapse(instance, milliseconds, signal);
        },
      });
      return {
        ran: true,
        history: {
          launch: instance.server.facts(),
          wire: { ...wire, exchanges: wire.exchanges.map(shortened) },
        },
      };
    } finally {
      await instance.stop();
    }
  },
};

/** Waits, or moves the server's clock where the lab is in the process that listens. */
async function elapse(
  { server, interposition }: Instance,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Elapsed | undefined> {
  if (milliseconds <= longestWaitMs) {
    const waitedMs = milliseconds + graceMs;
    await pause(waitedMs, signal);
    return { waitedMs };
  }
  const { outcome } = server.facts();
  const listener = outcome.kind === 'listening' ? outcome.listener.pid : null;
  const { hellos } = await interposition.facts();
  if (!hellos.some(({ pid }) => pid === listener)) return undefined;
  const waitedMs = milliseconds + movedGraceMs;
  await interposition.moveClock(waitedMs);
  return { waitedMs, clock: 'simulated' };
}

/** A burst has the same answer a hundred times. */
function shortened(exchange: Exchange): Exchange {
  const { outcome } = exchange;
  if (outcome.kind !== 'answer') return exchange;
  return { ...exchange, outcome: { ...outcome, body: outcome.body.slice(0, keptBodyCharacters) } };
}
