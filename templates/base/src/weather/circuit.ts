import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Events } from '../events.ts';
import type { AttemptResult } from './attempt.ts';

/**
 * How many failures in a row open the circuit. In a row, not a share of the calls in a window: behind a cache the calls are
 * too few for shares, and a service that still answers every other question is helped by retries, not by silence.
 */
const failuresInARow = 5;

export interface CircuitOptions {
  events: Events;
  /** How long nothing is asked when the circuit has opened, in ms. Then one call goes ahead and the others wait for it. */
  openMs: number;
}

/** Whether the service may be asked: not while it is down, and not before the time that it asked to be left alone for. */
export interface Circuit {
  /** Undefined, at once, while the circuit is open. */
  run<Data>(work: () => Promise<AttemptResult<Data>>): Promise<AttemptResult<Data> | undefined>;
  /** ms until a call will be let through after failures; 0 for now. */
  openForMs(): number;
  /** ms until the service wants to be asked again, as it said in a Retry-After; 0 for now. */
  pausedForMs(): number;
}

export function createCircuit({ events, openMs }: CircuitOptions): Circuit {
  const policy = circuitBreaker(
    handleWhenResult((result) => (result as AttemptResult<unknown> & { fault?: boolean }).fault === true),
    { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failuresInARow) },
  );
  let openUntil = 0;
  let pausedUntil = 0;
  let open = false;
  const tell = (now: boolean) => {
    // A call that was let through and failed opens the circuit again: no news.
    if (open !== now) events.emit('circuit', { upstream: 'weather', open: now });
    open = now;
  };
  policy.onBreak(() => {
    openUntil = performance.now() + openMs;
    tell(true);
  });
  policy.onReset(() => tell(false));

  return {
    async run(work) {
      try {
        return await policy.execute(async () => {
          const result = await work();
          if (result.outcome !== 'ok' && result.retryAfterMs !== undefined) {
            pausedUntil = Math.max(pausedUntil, performance.now() + result.retryAfterMs);
          }
          return result;
        });
      } catch (error) {
        if (error instanceof BrokenCircuitError) return undefined;
        throw error;
      }
    },
    openForMs: () => (policy.state === CircuitState.Open ? Math.max(0, openUntil - performance.now()) : 0),
    pausedForMs: () => Math.max(0, pausedUntil - performance.now()),
  };
}
