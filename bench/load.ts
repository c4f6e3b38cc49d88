import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'undici';
import type { PreparedRequest } from './requests.ts';

/** Open connections, each with one request under way. */
export const connections = 32;

const pauseMs = 20;

export interface Load {
  /** Those that were answered. */
  requests: number;
  /** Those that were refused with 503. */
  refused: number;
  seconds: number;
}

/**
 * Sends the request over 32 kept-alive connections until `limit` is reached: milliseconds, or a number of requests.
 * Every answer must be a 200 whose body is as long as `bodyLength`: a fast error is not a result. A server that is
 * starved of CPU may refuse with 503; that is counted apart, and its client pauses.
 *
 * @throws Error at the first answer that differs, and for a connection that fails
 */
export async function load(
  origin: string,
  request: PreparedRequest,
  bodyLength: number,
  limit: { ms: number } | { requests: number },
): Promise<Load> {
  const clients = Array.from({ length: connections }, () => new Client(origin, { pipelining: 1 }));
  const started = performance.now();
  let answered = 0;
  let refused = 0;
  const more = () => ('ms' in limit ? performance.now() - started < limit.ms : answered < limit.requests);
  try {
    await Promise.all(
      clients.map(async (client) => {
        while (more()) {
          const answer = await send(client, request);
          if (answer.status === 503) {
            refused += 1;
            await wait(pauseMs);
            continue;
          }
          answered += 1;
          if (answer.status !== 200 || answer.length !== bodyLength) {
            throw new Error(
              `${origin} answered ${answer.status} with ${answer.length} bytes instead of 200 with ${bodyLength}`,
            );
          }
        }
      }),
    );
    return { requests: answered, refused, seconds: (performance.now() - started) / 1000 };
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

/** The plainest way to send with undici: what the generator costs is taken from the other core, and from the caches. */
function send(
  client: Client,
  { headers, body }: PreparedRequest,
): Promise<{ status: number; length: number }> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let length = 0;
    client.dispatch(
      { method: 'POST', path: '/mcp', headers, body },
      {
        onRequestStart: () => {},
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: (_controller, chunk) => {
          length += chunk.length;
        },
        onResponseEnd: () => resolve({ status, length }),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}
