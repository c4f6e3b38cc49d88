import { EnvHttpProxyAgent, request } from 'undici';
import { about } from '../about.ts';
import type { Events } from '../events.ts';
import type { Connect } from './contract.ts';
import { WeatherError, type WeatherErrorReason } from './errors.ts';

export interface UpstreamOptions {
  /** Bound of a whole call in ms: connecting, waiting for the headers, and reading the body. */
  timeoutMs: number;
  events: Events;
}

export interface Upstreams {
  connect: Connect;
  close(): Promise<void>;
}

const maxBodyBytes = 1_000_000;

/** HTTP clients that always come back, in bounded time and with a bounded body. They use HTTPS_PROXY and NO_PROXY. */
export function createUpstreams({ timeoutMs: defaultTimeoutMs, events }: UpstreamOptions): Upstreams {
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: defaultTimeoutMs },
    headersTimeout: defaultTimeoutMs,
    bodyTimeout: defaultTimeoutMs,
    maxResponseSize: maxBodyBytes,
  });

  const connect: Connect = (baseUrl) => ({
    async get(path, query, timeoutMs = defaultTimeoutMs) {
      const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
      const operation = `${url.host}${url.pathname}`;
      url.search = new URLSearchParams(query).toString();
      const started = performance.now();
      const tell = (outcome: 'ok' | WeatherErrorReason, detail: { status?: number; code?: string }) =>
        events.emit('upstreamCall', {
          operation,
          outcome,
          durationMs: Math.round(performance.now() - started),
          ...detail,
        });
      try {
        const { statusCode: status, body } = await request(url, {
          dispatcher,
          headers: { accept: 'application/json', 'user-agent': `${about.name}/${about.version}` },
          // The agent's own timeouts are coarse, and a body that drips resets them with every byte.
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await body.text();
        if (status !== 200) {
          const reason = reasonOfStatus(status);
          tell(reason, { status });
          throw new WeatherError(reason);
        }
        const parsed: unknown = JSON.parse(text);
        tell('ok', { status });
        return parsed;
      } catch (error) {
        if (error instanceof WeatherError) throw error;
        const code = codeOf(error);
        const reason = /timeout/i.test(code) ? 'timeout' : 'unavailable';
        tell(reason, { code });
        throw new WeatherError(reason);
      }
    },
  });
  return { connect, close: () => dispatcher.destroy() };
}

function reasonOfStatus(status: number): WeatherErrorReason {
  if (status === 404) return 'not-found';
  if (status === 401 || status === 403) return 'rejected';
  if (status === 429) return 'busy';
  return 'unavailable';
}

/** A word for the log. Error messages are left out: undici puts URLs into some of them. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
