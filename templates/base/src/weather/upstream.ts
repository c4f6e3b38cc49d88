import { EnvHttpProxyAgent, request } from 'undici';
import { about } from '../about.ts';
import { currentLog, type Logger } from '../logging.ts';
import { WeatherError, type WeatherErrorReason } from './errors.ts';

export interface UpstreamOptions {
  baseUrl: string;
  /** Bound of a whole call in ms: connecting, waiting for the headers, and reading the body. */
  timeoutMs: number;
  log: Logger;
}

export interface Upstream {
  /**
   * GETs a path below the base URL and returns the parsed JSON.
   *
   * @throws WeatherError for everything that goes wrong, without the URL, which carries the key
   */
  get(path: string, query: Record<string, string>, timeoutMs?: number): Promise<unknown>;
  close(): Promise<void>;
}

const maxBodyBytes = 1_000_000;

/** An HTTP client that always comes back, in bounded time and with a bounded body. Uses HTTPS_PROXY and NO_PROXY. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: options.timeoutMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxResponseSize: maxBodyBytes,
  });

  return {
    async get(path, query, timeoutMs = options.timeoutMs) {
      const url = new URL(`${options.baseUrl.replace(/\/+$/, '')}${path}`);
      url.search = new URLSearchParams(query).toString();
      const started = performance.now();
      const line = () => ({ path, durationMs: Math.round(performance.now() - started) });
      const log = currentLog(options.log);
      try {
        const { statusCode, body } = await request(url, {
          dispatcher,
          headers: { accept: 'application/json', 'user-agent': `${about.name}/${about.version}` },
          // The agent's own timeouts are coarse, and a body that drips resets them with every byte.
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await body.text();
        if (statusCode !== 200) {
          log.warn({ ...line(), status: statusCode }, 'weather service refused');
          throw new WeatherError(reasonOfStatus(statusCode));
        }
        const parsed: unknown = JSON.parse(text);
        log.info({ ...line(), status: statusCode }, 'weather service answered');
        return parsed;
      } catch (error) {
        if (error instanceof WeatherError) throw error;
        const code = codeOf(error);
        log.warn({ ...line(), code }, 'weather service failed');
        throw new WeatherError(/timeout/i.test(code) ? 'timeout' : 'unavailable');
      }
    },
    close: () => dispatcher.destroy(),
  };
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
