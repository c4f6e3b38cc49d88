import type { WireOptions } from '../options.ts';
import { retryAfterMs } from './retry-after.ts';

/** Whether and when the audit may send requests, by the server's 429 answers and the budget of the whole pass. */
export interface Gate {
  /** Why no more requests are sent. Undefined: the gate is open. */
  stopped: () => string | undefined;
  /** Whether a request that got 429 is sent again after the wait. */
  waits: () => boolean;
  /** Whether it is sent again as often as it gets 429. */
  patient: boolean;
  /** Resolves when the next request may go out. */
  ready: () => Promise<void>;
  /** Notes an answer's status and headers. */
  answered: (status: number, headers: Record<string, string>) => void;
  /** Aborted when the budget is spent. */
  budget: AbortSignal;
  close: () => void;
}

/**
 * The same gate for requests that provoke a 429: only the budget stops them, and their 429 stops no other request.
 */
export function pressing(gate: Gate, budgetMs: number): Gate {
  const stopped = () => (gate.budget.aborted ? spent(budgetMs) : undefined);
  return {
    ...gate,
    stopped,
    waits: () => false,
    patient: false,
    ready: async () => {
      if (gate.budget.aborted) throw new Withheld(spent(budgetMs));
    },
    answered: () => {},
  };
}

const spent = (budgetMs: number) => `The budget of ${budgetMs} ms was spent.`;

/** The gate was closed, so the request was not sent. The message is the reason. */
export class Withheld extends Error {}

/** Milliseconds of the longest `Retry-After` to wait for, once. */
const longestWaitMs = 2_000;
/** Waits of a patient gate in a row that end no limit: parallel requests under a limit of one need some. */
const mostWaits = 6;

/**
 * Creates a gate whose budget starts now.
 *
 * @param budgetMs milliseconds for the whole pass
 * @param elapse lets any `Retry-After` pass. Default: the gate waits once, for a short one
 */
export function createGate(budgetMs: number, elapse?: WireOptions['elapse']): Gate {
  const budget = new AbortController();
  const timer = setTimeout(() => budget.abort(), budgetMs);
  let waiting: Promise<void> | undefined;
  let waited = false;
  let waits = 0;
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

  const letPass = async (asked: number) => {
    waits += 1;
    const elapsed = waits > mostWaits ? undefined : await elapse?.(asked).catch(() => undefined);
    if (elapsed === undefined) stopped ??= slowDown(asked, waits > 1);
    waiting = undefined;
  };

  budget.signal.addEventListener('abort', () => {
    stopped ??= spent(budgetMs);
    endWait?.();
  });

  return {
    stopped: () => stopped,
    waits: () => true,
    patient: elapse !== undefined,
    ready: async () => {
      await waiting;
      if (stopped !== undefined) throw new Withheld(stopped);
    },
    answered: (status, headers) => {
      if (status !== 429) waits = 0;
      if (status !== 429 || stopped !== undefined || waiting !== undefined) return;
      const asked = retryAfterMs(headers['retry-after']);
      if (elapse !== undefined && asked !== undefined) waiting = letPass(asked);
      else if (!waited && asked !== undefined && asked <= longestWaitMs) waiting = wait(asked);
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
  const header =
    asked === undefined ? 'without Retry-After' : `with Retry-After: ${Math.ceil(asked / 1000)} s`;
  return `The server answered 429 ${header}${waited ? ', again after a wait' : ''}.`;
}
