import { setTimeout as wait } from 'node:timers/promises';
import type * as z from 'zod';
import { wholeNumber } from '../config.ts';
import type { Logger } from '../logging/logger.ts';
import type { HttpApp } from './http-app.ts';

export const shutdownSettings = {
  /** How long to go on serving while `/readyz` is 503 already, for load balancers that notice with a delay. */
  SHUTDOWN_DELAY_MS: wholeNumber(0, 600_000).default(0),
  /** How long to wait for calls in flight, after that. */
  SHUTDOWN_TIMEOUT_MS: wholeNumber(0, 600_000).default(10_000),
};

export type ShutdownSettings = z.infer<z.ZodObject<typeof shutdownSettings>>;

// For what is left after the drain: ending streams and closing idle connections takes milliseconds.
const closeTimeoutMs = 1_000;
const sweepEveryMs = 50;

/**
 * Ends the server without cutting off calls, in an order that matters: the SDK ends calls in flight when it is closed,
 * and Fastify's `app.close()` waits for streams that never end by themselves.
 *
 * 1. `/readyz` turns 503 and connections are closed with their next answer, while everything is still served;
 * 2. new calls are refused, while those in flight finish, for a bounded time;
 * 3. open streams are ended;
 * 4. the port is given up and idle connections are closed, by force if it takes too long.
 *
 * Returns how many calls were cut off.
 */
export async function shutDown(
  { app, servers, endpoints, drain }: HttpApp,
  { SHUTDOWN_DELAY_MS: delayMs, SHUTDOWN_TIMEOUT_MS: timeoutMs }: ShutdownSettings,
  log: Logger,
): Promise<number> {
  log.info({ calls: drain.size }, 'shutting down');
  drain.announce();
  if (delayMs > 0) await wait(delayMs);
  const cut = await drain.finish(timeoutMs);
  if (cut > 0) log.warn({ calls: cut, timeoutMs }, 'calls cut off, they took too long');
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));

  const closeAll = (idle: boolean) => {
    for (const server of servers) idle ? server.closeIdleConnections() : server.closeAllConnections();
  };
  // A connection becomes idle when its last answer is out, which may be after the port was given up.
  const sweep = setInterval(() => closeAll(true), sweepEveryMs);
  const force = setTimeout(() => closeAll(false), cut > 0 ? 0 : closeTimeoutMs);
  await app.close();
  clearInterval(sweep);
  clearTimeout(force);
  return cut;
}
