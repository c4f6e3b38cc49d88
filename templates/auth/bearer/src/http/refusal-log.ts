import type { FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.ts';

const everyMs = 1_000;

/**
 * Returns what logs a refused credential, at most one line a second: a flood of made-up ones must not fill the log. At the
 * end of a second a line says in `notLogged` how many had none.
 *
 * @param log for what is not about one request
 */
export function limitedRefusalLog(log: Logger, message: string) {
  let silent = false;
  let notLogged = 0;
  const beSilent = () => {
    silent = true;
    setTimeout(() => {
      silent = false;
      if (notLogged === 0) return;
      log.warn({ notLogged }, message);
      notLogged = 0;
      beSilent();
    }, everyMs).unref();
  };
  return (request: FastifyRequest, line: object = {}): void => {
    if (silent) {
      notLogged += 1;
      return;
    }
    request.log.warn({ client: request.client?.id, ...line }, message);
    beSilent();
  };
}
