import type { Exchange } from '../../evidence/exchange.ts';
import { pause } from '../async/pause.ts';
import { makeSecondClient } from '../client/second-client.ts';
import { targetOf } from '../wire-audit.ts';
import type { Elapsed } from '../wire-collector.ts';
import { type Instance, withInstance } from '../world/instance.ts';
import type { ExperimentOf } from './experiment.ts';

/** Milliseconds for each request, and for all of them. */
const timeoutMs = 10_000;
const budgetMs = 60_000;
/** For longer waits the lab moves the clock. */
const longestWaitMs = 5_000;
/** Milliseconds for inexact clocks. A moved clock gets a whole second, because Retry-After is in seconds. */
const graceMs = 100;
const movedGraceMs = 1_000;
const keptBodyCharacters = 300;

/** A client that sends too much must meet a limit: this client alone, and only for the time that is stated. */
export const rateLimit: ExperimentOf<'rate-limit'> = {
  id: 'rate-limit',
  question: 'Does a burst meet a limit for its client alone, and does the limit recover?',
  does: 'Sends a burst, requests of another client, and forged addresses. Waits as long as `Retry-After` says.',
  over: ['http'],
  needs: 'endpoint',
  seconds: 7,
  run: async (run) => {
    const { burst = true } = run.plan;
    const { signal } = run;
    if (!burst)
      return {
        ran: false,
        reason: 'This experiment sends a burst, and --no-burst forbids it.',
        help: 'Leave out --no-burst.',
      };
    const second = makeSecondClient(run);
    return withInstance(run, { env: second.env, movableClock: true }, async (instance) => {
      if (instance.server.origin === null) throw new Error('The server did not listen on this launch.');
      run.step('sending a burst');
      const otherToken = await second.tokenAt(instance);
      const elapse = elapseAt(instance, signal);
      const wire = await run.collectWire({
        ...(await targetOf(run, run.known, instance)),
        ...(otherToken !== undefined && { otherToken }),
        scope: 'burst',
        timeoutMs,
        budgetMs,
        elapse: (milliseconds) => {
          run.step(`limited; the limit should recover in ${Math.round(milliseconds / 1000)} s`);
          return elapse(milliseconds);
        },
      });
      const exchanges = wire.exchanges.map(shortened);
      return { ran: true, history: { launch: instance.server.facts(), wire: { ...wire, exchanges } } };
    });
  },
};

/** Waits, or moves the clock of the process that listens if the lab instruments it. */
function elapseAt({ server, interposition }: Instance, signal: AbortSignal) {
  let aheadMs = 0;
  return async (milliseconds: number): Promise<Elapsed | undefined> => {
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
    aheadMs += waitedMs;
    await interposition.moveClock(aheadMs);
    return { waitedMs, clock: 'simulated' };
  };
}

/** A burst gets the same response a hundred times. */
function shortened(exchange: Exchange): Exchange {
  const { outcome } = exchange;
  if (outcome.kind !== 'answer') return exchange;
  return { ...exchange, outcome: { ...outcome, body: outcome.body.slice(0, keptBodyCharacters) } };
}
