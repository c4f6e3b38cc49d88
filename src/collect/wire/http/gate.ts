import { retryAfterMs } from './retry-after.ts';

/** Whether and when requests may go out: the server's wish to slow down (429) and the budget of the whole pass. */
export interface Gate {
  /** Why nothing more is sent, once that is so. */
  stopped: () => string | undefined;
  /** Whether a request that got 429 is worth another try, once the gate is open again. */
  waits: () => boolean;
  /** Resolves when the next request may go out. */
  ready: () => Promise<void>;
  /** Takes note of an answer's status and headers. */
  answered: (status: number, headers: Record<string, string>) => void;
  /** Aborted when the budget is spent. */
  budget: AbortSignal;
  close: () => void;
}

/**
 * The same gate for requests that ask for the server's refusal: it minds the budget only, and a 429 that such a request
 * gets keeps nothing else from being sent.
 */
export function pressing(gate: Gate, budgetMs: number): Gate {
  const stopped = () => (gate.budget.aborted ? spent(budgetMs) : undefined);
  return {
    ...gate,
    stopped,
    waits: () => false,
    ready: async () => {
      if (gate.budget.aborted) throw new Withheld(spent(budgetMs));
    },
    answered: () => {},
  };
}

const spent = (budgetMs: number) => `The budget of ${budgetMs} ms was spent.`;

/** A request that was not sent because of the gate. The message says why. */
export class Withheld extends Error {}

/** The longest `Retry-After` that is waited for, once, in milliseconds. */
const longestWaitMs = 2_000;

/** @param budgetMs milliseconds for the whole pass */
export function createGate(budgetMs: number): Gate {
  const budget = new AbortController();
  const timer = setTimeout(() => budget.abort(), budgetMs);
  let waiting: Promise<void> | undefined;
  let waited = false;
  let stopped: string | undefined;
  let endWait: (() => void) | undefined;

  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(alarm);
        waiting = undefined;
        waited = true;
        resolve();
      };
      const alarm = setTimeout(done, milliseconds);
      endWait = done;
    });

  budget.signal.addEventListener('abort', () => {
    stopped ??= spent(budgetMs);
    endWait?.();
  });

  return {
    stopped: () => stopped,
    waits: () => true,
    ready: async () => {
      await waiting;
      if (stopped !== undefined) throw new Withheld(stopped);
    },
    answered: (status, headers) => {
      if (status !== 429 || stopped !== undefined || waiting !== undefined) return;
      const asked = retryAfterMs(headers['retry-after']);
      if (!waited && asked !== undefined && asked <= longestWaitMs) waiting = wait(asked);
      else stopped = slowDown(asked, waited);
    },
    budget: budget.signal,
    close: () => {
      clearTimeout(timer);
      endWait?.();
    },
  };
}

function slowDown(asked: number | undefined, waited: boolean): string {
  const wish =
    asked === undefined ? 'without Retry-After' : `with Retry-After of ${Math.ceil(asked / 1000)} s`;
  return `The server answered 429 ${wish}${waited ? ', again after a wait' : ''}.`;
}
