import type { Messages } from '../../protocol/messages.ts';
import type { Masker } from '../../text/masking.ts';
import type { Connection } from './http/connection.ts';
import { type Gate, pressing } from './http/gate.ts';
import type { Identity } from './http/identity.ts';
import type { Recorder } from './http/recorder.ts';
import type { WireOptions } from './options.ts';
import { createProber, type Prober } from './probes/probe.ts';

/** What the steps of one pass share. */
export interface Run {
  options: WireOptions;
  identity: Identity;
  masker: Masker;
  gate: Gate;
  recorder: Recorder;
  /** The usual connection to the target. */
  connection: Connection;
  /** Creates another connection to the target, from this local address if given. */
  connect: (from?: { localAddress: string }) => Connection;
  prober: Prober;
  /** Opens sessions for probes that provoke a 429, and may wait for its end. Default: `prober`. */
  opener?: Prober;
  messages: Messages;
  /** The promise, or a rejection after that time, at the end of the budget, or at the user's interrupt. */
  within: <T>(milliseconds: number, promise: Promise<T>) => Promise<T>;
}

/** The same run with probes that provoke a 429, so an earlier one does not stop them. */
export function pressed(run: Run): Run {
  const gate = pressing(run.gate, run.options.budgetMs);
  const prober = createProber(run.recorder, gate, run.masker, run.prober.omitted);
  return { ...run, gate, prober, ...(run.gate.patient && { opener: run.prober }) };
}

/** The same run over another connection. */
export function through(run: Run, connection: Connection): Run {
  const { probe, hold } = run.prober;
  const prober: Prober = {
    ...run.prober,
    probe: (request) => probe({ connection, ...request }),
    hold: (request) => hold({ connection, ...request }),
  };
  // Another client waits for no limit: its first response tells.
  const { opener: _opener, ...others } = run;
  return { ...others, connection, prober };
}

/** @see Run.within */
export function createWithin(signals: AbortSignal[]): Run['within'] {
  return (milliseconds, promise) =>
    new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener('abort', giveUp);
      };
      const giveUp = () => {
        settle();
        reject(new Error(`Not done within ${milliseconds} ms.`));
      };
      const timer = setTimeout(giveUp, milliseconds);
      for (const signal of signals) {
        if (signal.aborted) giveUp();
        signal.addEventListener('abort', giveUp);
      }
      promise.finally(settle).then(resolve, reject);
    });
}

/**
 * Waits for all, even when one rejects, so that none of them outlives the call.
 *
 * @throws the first rejection
 */
export async function together<T extends readonly Promise<unknown>[]>(
  tasks: readonly [...T],
): Promise<{ -readonly [Key in keyof T]: Awaited<T[Key]> }> {
  const results = await Promise.allSettled(tasks);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return Promise.all(tasks);
}
