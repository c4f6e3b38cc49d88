import { setTimeout as sleep } from 'node:timers/promises';
import { EnvHttpProxyAgent } from 'undici';
import type { Events } from '../events.ts';
import { type AttemptResult, attempt, type Failure } from './attempt.ts';
import { type Circuit, createCircuit } from './circuit.ts';
import type { Connect } from './contract.ts';
import type { Deadline } from './deadline.ts';
import { WeatherError } from './errors.ts';

export interface UpstreamOptions {
  /** The longest that any call may take, in ms. */
  timeoutMs: number;
  events: Events;
  /** How long nothing is asked after failures in a row, in ms. */
  openMs?: number;
}

export interface Upstreams {
  connect: Connect;
  /**
   * Whether the service answers, as far as it is known without asking: no while nothing is asked of it, yes when every host
   * has answered of late and the last answer was good, undefined otherwise.
   */
  known(): boolean | undefined;
  close(): Promise<void>;
}

const maxBodyBytes = 1_000_000;
/** To one host at a time. More wait for their turn, for as long as their deadline allows. */
const maxConnections = 32;
const maxAttempts = 3;
const firstBackoffMs = 100;
const longestBackoffMs = 1_000;
/** How long an answer is taken as a sign that the service is up. */
const recentMs = 5_000;

/**
 * HTTP clients that always come back, in bounded time and with a bounded body; that ask again when it may help, and do not
 * when the service is down or wants to be left alone. They use HTTPS_PROXY and NO_PROXY.
 */
export function createUpstreams({ timeoutMs, events, openMs = 5_000 }: UpstreamOptions): Upstreams {
  const dispatcher = new EnvHttpProxyAgent({
    connections: maxConnections,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxBodyBytes,
  });
  const circuit = createCircuit({ events, openMs });
  /** When each host last gave a good answer. Undefined after a failure. */
  const answeredAt: Array<number | undefined> = [];

  const connect: Connect = (baseUrl) => {
    const host = answeredAt.push(undefined) - 1;
    return {
      async get({ path, query, schema }, { deadline, retry = true }) {
        const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
        const operation = `${url.host}${url.pathname}`;
        url.search = new URLSearchParams(query).toString();

        for (let count = 1; ; count += 1) {
          await waitUntilWelcome(circuit, deadline);
          let started = performance.now();
          const result = await circuit.run(async () => {
            // It may have waited for another call to show whether the service is back.
            if (deadline.leftMs() === 0) return outOfTime;
            started = performance.now();
            return attempt(url, { schema, dispatcher, signal: deadline.signal });
          });
          if (result === undefined) throw new WeatherError('unavailable', circuit.openForMs());
          const good = result.outcome === 'ok' || result.outcome === 'not-found';
          answeredAt[host] = good ? performance.now() : undefined;
          const again = retry && count < maxAttempts;
          const retryInMs = again ? waitBeforeRetry(count, result, circuit, deadline) : undefined;
          events.emit('upstreamCall', {
            operation,
            outcome: result.outcome,
            durationMs: performance.now() - started,
            ...(result.status !== undefined && { status: result.status }),
            ...('code' in result && { code: result.code }),
            ...(retryInMs !== undefined && { retryInMs }),
          });
          if (result.outcome === 'ok') return result.data;
          if (retryInMs === undefined) {
            throw new WeatherError(result.outcome, circuit.openForMs() || circuit.pausedForMs());
          }
          await sleep(retryInMs);
        }
      },
    };
  };

  return {
    connect,
    known() {
      if (circuit.openForMs() > 0 || circuit.pausedForMs() > 0) return false;
      const since = performance.now() - recentMs;
      return answeredAt.every((at) => at !== undefined && at > since) ? true : undefined;
    },
    close: () => dispatcher.destroy(),
  };
}

const outOfTime: Failure = { outcome: 'timeout', fault: false, passing: false };

/** Keeps to a Retry-After: waits for its end when the call's time allows that, and fails at once when it does not. */
async function waitUntilWelcome(circuit: Circuit, deadline: Deadline): Promise<void> {
  for (let pause = circuit.pausedForMs(); pause > 0; pause = circuit.pausedForMs()) {
    // Not all at once: the first to ask may find that the others have to wait longer.
    const wait = pause + Math.random() * firstBackoffMs;
    if (wait >= deadline.leftMs()) throw new WeatherError('busy', pause);
    await sleep(wait);
  }
}

/**
 * How long to wait before another attempt, in ms; undefined when there is to be none. Exponential backoff with full jitter,
 * so that many callers who failed together do not come back together.
 */
function waitBeforeRetry(
  count: number,
  result: AttemptResult<unknown>,
  circuit: Circuit,
  deadline: Deadline,
): number | undefined {
  if (result.outcome === 'ok' || !result.passing || circuit.openForMs() > 0) return undefined;
  const backoff = Math.random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** (count - 1));
  const wait = Math.ceil(circuit.pausedForMs() + backoff);
  return wait < deadline.leftMs() ? wait : undefined;
}
