import type { Logger } from '../logging.ts';
import type { HttpApp } from './app.ts';

// For what is left after the drain: ending streams and closing idle connections takes milliseconds.
const closeTimeoutMs = 1_000;
const sweepEveryMs = 50;

/**
 * Ends the server without cutting off calls, in an order that matters: the SDK ends calls in flight when it is closed,
 * and Fastify's `app.close()` waits for streams that never end by themselves.
 *
 * 1. `/readyz` turns 503 and new calls are refused, while those in flight finish, for `timeoutMs` at most;
 * 2. open streams are ended;
 * 3. the port is given up and idle connections are closed, by force if it takes too long.
 */
export async function shutDown(
  { app, endpoints, drain }: HttpApp,
  timeoutMs: number,
  log: Logger,
): Promise<void> {
  log.info('shutting down');
  const cut = await drain.start(timeoutMs);
  if (cut > 0) log.warn({ calls: cut, timeoutMs }, 'calls cut off, they took too long');
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));

  // A connection becomes idle when its last answer is out, which may be after the port was given up.
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepEveryMs);
  const force = setTimeout(() => app.server.closeAllConnections(), cut > 0 ? 0 : closeTimeoutMs);
  await app.close();
  clearInterval(sweep);
  clearTimeout(force);
}
