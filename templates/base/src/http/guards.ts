import type { FastifyReply, FastifyRequest, onRequestHookHandler, preHandlerHookHandler } from 'fastify';
import type { Services } from '../services.ts';
import type { Auth } from './client.ts';
import type { Drain } from './drain.ts';
import { HttpError } from './errors.ts';
import { checkHostAndOrigin } from './host-and-origin.ts';
import { limitRate } from './rate-limit.ts';
import type { HttpSettings } from './settings.ts';

/** Route options that put the checks before an endpoint. */
export interface Guards {
  onRequest: onRequestHookHandler[];
  preHandler: preHandlerHookHandler[];
}

/**
 * What a request to an MCP endpoint must pass, in this order; all but the last before its body is read. Refusing is
 * cheapest first, and the rate limit is between finding out who asks and refusing strangers: see `Auth`.
 */
export function createGuards(
  settings: HttpSettings,
  { auth, drain, services }: { auth: Auth; drain: Drain; services: Services },
): Guards {
  const onRequest = [
    refuseWhenDraining(drain),
    checkHostAndOrigin({
      ...settings,
      ALLOWED_HOSTS: [...settings.ALLOWED_HOSTS, ...(auth.hosts ?? [])],
    }),
    auth.identify,
    limitRate(settings, services),
    auth.require,
  ];
  return {
    onRequest: onRequest as onRequestHookHandler[],
    preHandler: auth.authorize === undefined ? [] : [auth.authorize as preHandlerHookHandler],
  };
}

function refuseWhenDraining(drain: Drain) {
  return async (_request: FastifyRequest, reply: FastifyReply) => {
    if (drain.started) {
      reply.headers({ connection: 'close', 'retry-after': '5' });
      throw new HttpError(503, 'The server is shutting down. Try again in a moment.');
    }
    drain.track(reply.raw);
  };
}
