import { type Dispatcher, request } from 'undici';
import type * as z from 'zod';
import { about } from '../about.ts';
import type { WeatherErrorReason } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';

export interface Success<Data> {
  outcome: 'ok';
  status: number;
  data: Data;
}

export interface Failure {
  outcome: WeatherErrorReason;
  status?: number;
  /** The system's or the HTTP client's word for what went wrong. */
  code?: string;
  /** The service failed to do its work, which says that others may fail as well. "No such city" does not. */
  fault: boolean;
  /** Asking the same once more may help. */
  passing: boolean;
  /** When the service wants to be asked again, in ms. */
  retryAfterMs?: number;
}

export type AttemptResult<Data> = Success<Data> | Failure;

export interface AttemptOptions<Schema extends z.ZodType> {
  schema: Schema;
  dispatcher: Dispatcher;
  signal: AbortSignal;
}

// Too busy, or a proxy whose server did not answer. A 500 may be the question's own fault and is not asked again.
const passingStatuses = new Set([429, 502, 503, 504]);
// No connection, or one that was closed under the request, as an idle one may be at any time.
const passingCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET']);

const maxDiscardedBytes = 16_384;

/** GETs JSON once. Never rejects: what went wrong is the result. */
export async function attempt<Schema extends z.ZodType>(
  url: URL,
  { schema, dispatcher, signal }: AttemptOptions<Schema>,
): Promise<AttemptResult<z.infer<Schema>>> {
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await request(url, {
      dispatcher,
      headers: { accept: 'application/json', 'user-agent': `${about.name}/${about.version}` },
      // The agent's own timeouts are coarse, and a body that drips resets them with every byte.
      signal,
    });
    if (status !== 200) {
      // Its status is all that is wanted. A short body is read to its end, so that the connection can be used again.
      body.dump({ limit: maxDiscardedBytes }).catch(() => {});
      return failureOf(status, retryAfterMs(headers['retry-after']));
    }
    return understand(schema, status, await body.text());
  } catch (error) {
    const code = codeOf(error);
    const outcome = /timeout/i.test(code) ? 'timeout' : 'unavailable';
    return { outcome, code, fault: true, passing: passingCodes.has(code) };
  }
}

function failureOf(status: number, retryAfterMs: number | undefined): Failure {
  return {
    outcome: reasonOf(status),
    status,
    fault: status >= 500 || status === 429,
    passing: passingStatuses.has(status),
    ...((status === 429 || status === 503) && retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function reasonOf(status: number): WeatherErrorReason {
  // 400: the only thing in a question that its asker chose is the city.
  if (status === 404 || status === 400) return 'not-found';
  if (status === 401 || status === 403) return 'rejected';
  if (status === 429) return 'busy';
  return 'unavailable';
}

/** A 200 with something else than weather, such as a maintenance page, is a failure like any other. */
function understand<Schema extends z.ZodType>(
  schema: Schema,
  status: number,
  text: string,
): AttemptResult<z.infer<Schema>> {
  const result = schema.safeParse(parse(text));
  if (result.success) return { outcome: 'ok', status, data: result.data };
  return { outcome: 'unavailable', status, code: 'UNEXPECTED_ANSWER', fault: true, passing: false };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A word for the log. Error messages are left out: undici puts URLs into some of them. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
